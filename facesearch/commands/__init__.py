"""What `facesearch` and `python app.py` do: one command a module, imported when it is named."""
