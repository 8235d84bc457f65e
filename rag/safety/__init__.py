"""The first stage of every question: care for people who need help, and plain refusals."""
