"""The log of a process that runs on: lines with time, level and part, without what strangers wrote, and their file."""
