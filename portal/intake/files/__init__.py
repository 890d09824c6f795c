"""Files as they come: bytes, sheets, cells, and what is refused in them."""
