"""The kernel side: the only code that knows IPython. One observer a concern, one recorder over them all."""
