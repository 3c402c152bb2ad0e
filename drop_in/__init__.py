"""The guides' examples, driven by the same hands on this package and on `vizro_experimental.chat`."""
