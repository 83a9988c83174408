"""Evidence packs: what an auditor is shown of one case, put into words and tables, and set as pages and as a workbook.

Frames and plain data in, files out; nothing is decided about a family, and nothing is read from a run.
"""
