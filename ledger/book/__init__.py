"""What people do with a book: one function per use case, session first, time and actor as arguments."""
