"""Types of the pictures that may be served, by the ending of the file's name."""

# Rasters alone: a browser runs the scripts of an SVG in the page's own origin. Here rather than in
# the system's list of types, which a small container lacks.
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".avif": "image/avif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
