"""Values that the tests of the exporters share."""

import base64

from nbcairn.model import Read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def from_(run, name):
    return Read(name, next(write.fingerprint for write in run.writes if write.name == name), run.id)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
    "`<b>bold</b>`",
    "\u202egpj.exe\x00\x07",
    "]]>--><!--",
]
