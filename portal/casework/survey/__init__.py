"""Every trainee's voice: slips, answers and the marks a person decides on."""
