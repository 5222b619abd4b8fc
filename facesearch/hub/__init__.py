"""Bundles and Spaces to the Hugging Face Hub. (Fetching is `facesearch.bundle.fetching`.)"""
