"""The figures and orders of sealed editions, as pages and programs read them."""
