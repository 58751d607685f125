"""What we remember: articles, which can be had again (`cache.py`), and marks, which cannot (`marks.py`).

SQL and our own files live here and nowhere else. Modules are imported one by one; this door re-exports nothing, so
that a worker process loads only the few lines it needs.
"""
