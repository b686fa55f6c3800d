"""Cells and the ambient names and effects of their runs: (id, cells before, cell, what is expected of the last one)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AmbientCase:
    """``before`` runs first, then ``cell``. ``reads`` and ``writes`` are ambient names without brackets, files left out."""

    id: str
    before: tuple[str, ...]
    cell: str
    reads: str = ""
    writes: str = ""
    effects: str = ""
    told: str = ""
    """Words that the summary of the last write has."""


RANDOM = (
    AmbientCase("a draw nobody seeded", ("import random",), "random.random();", "rng:python", "rng:python", told="nobody"),
    AmbientCase("a seed", ("import random",), "random.seed(5)", "", "rng:python", told="seeded with 5"),
    AmbientCase("a seed, then a draw", ("import random",), "random.seed(5)\nx = random.random()", "", "rng:python"),
    AmbientCase("a draw, then a seed", ("import random",), "x = random.random()\nrandom.seed(5)",
                "rng:python", "rng:python"),
    AmbientCase("a draw from a seeded generator", ("import random\nrandom.seed(1)",), "x = random.random()",
                "rng:python", "rng:python", told="drawn from"),
    AmbientCase("no draw", ("import random",), "x = 1"),
    AmbientCase("a seed from the system", ("import random",), "random.seed()", "", "rng:python", "entropy", told="entropy"),
    AmbientCase("a state put back", ("import random", "state = random.getstate()"), "random.setstate(state)", "", "rng:python"),
    AmbientCase("numpy's legacy draw", ("import numpy as np",), "x = np.random.rand(3)", "rng:numpy", "rng:numpy"),
    AmbientCase("numpy's legacy seed", ("import numpy as np",), "np.random.seed(1)\nx = np.random.rand()", "", "rng:numpy"),
    AmbientCase("numpy's kept half of a pair is drawn", ("import numpy as np\nnp.random.seed(1)\nx = np.random.normal()",),
                "y = np.random.normal()", "rng:numpy", "rng:numpy"),
    AmbientCase("numpy's state put back with a kept half, nothing else", (
        "import numpy as np\nnp.random.seed(1)\nx = np.random.normal()\nstate = np.random.get_state()", "y = np.random.normal()"),
        "np.random.set_state(state)", "", "rng:numpy"),
    AmbientCase("seed imported by name", ("from numpy.random import seed, rand",), "seed(3)\nx = rand()", "", "rng:numpy"),
    AmbientCase("a library's draw", ("import pandas as pd, numpy as np\nnp.random.seed(0)\ndf = pd.DataFrame({'a': range(9)})",),
                "part = df.sample(3)", "rng:numpy", "rng:numpy"),
    AmbientCase("a library's own seed", ("import pandas as pd\ndf = pd.DataFrame({'a': range(9)})",),
                "part = df.sample(3, random_state=1)"),
    AmbientCase("a seeded generator of its own", ("import numpy as np",), "rng = np.random.default_rng(1)"),
    AmbientCase("an unseeded generator of its own", ("import numpy as np",), "rng = np.random.default_rng()", effects="entropy"),
    AmbientCase("a seeded generator of the old kind", ("import numpy as np\nseed = 5",),
                "old = [np.random.RandomState(5), np.random.RandomState([1, 2]), np.random.RandomState(\n    seed=seed)]"),
    AmbientCase("an unseeded generator of the old kind", ("import numpy as np",), "old = np.random.RandomState()",
                effects="entropy"),
    AmbientCase("a generator of the old kind whose seed is None", ("import numpy as np\nseed = None",),
                "old = np.random.RandomState(seed)", effects="entropy"),
    AmbientCase("a uuid", ("import uuid",), "u = str(uuid.uuid4())", effects="entropy"),
    AmbientCase("secrets", ("import secrets",), "t = secrets.token_hex(4)", effects="entropy"),
    AmbientCase("a seed in a function", ("import random\ndef fix():\n    random.seed(2)",), "fix()", "", "rng:python"),
    AmbientCase("a split of sklearn with no seed", ("from sklearn.model_selection import train_test_split",),
                "a, b = train_test_split([1, 2, 3, 4])", "rng:numpy", "rng:numpy"),
    AmbientCase("a split of sklearn with a seed", ("from sklearn.model_selection import train_test_split",),
                "a, b = train_test_split([1, 2, 3, 4], random_state=0)"),
)  # fmt: skip

OPTIONS = (
    AmbientCase("rcParams", ("import matplotlib.pyplot as plt",), "plt.rcParams['figure.dpi'] = 60", "", "rcParams",
                told="figure.dpi"),
    AmbientCase("a list in rcParams changed in place", ("import matplotlib.pyplot as plt",),
                "plt.rcParams['font.serif'].insert(0, 'X')", "", "rcParams"),
    AmbientCase("a style", ("import matplotlib.pyplot as plt",), "plt.style.use('ggplot')", "", "rcParams"),
    AmbientCase("a style for a while", ("import matplotlib.pyplot as plt",), "with plt.style.context('ggplot'):\n    pass"),
    AmbientCase("a plot reads the style", ("import matplotlib.pyplot as plt",), "plt.plot([1, 2]);", "rcParams"),
    AmbientCase("a pandas option", ("import pandas as pd",), "pd.set_option('display.max_rows', 7)", "", "pandas.options",
                told="display.max_rows"),
    AmbientCase("a shown frame reads the options", ("import pandas as pd\ndf = pd.DataFrame({'a': [1]})",), "df",
                "pandas.options"),
    AmbientCase("a frame that is not shown does not", ("import pandas as pd\ndf = pd.DataFrame({'a': [1]})",), "n = len(df)"),
    AmbientCase("numpy's print options", ("import numpy as np",), "np.set_printoptions(precision=3)", "", "numpy.printoptions"),
    AmbientCase("a printed array reads them", ("import numpy as np\na = np.ones(2)",), "print(a)", "numpy.printoptions"),
    AmbientCase("warnings filters", ("import warnings",), "warnings.filterwarnings('ignore')", "", "warnings"),
    AmbientCase("a warning that a filter keeps back", ("import warnings\nwarnings.simplefilter('ignore')",), "warnings.warn('x')",
                "warnings"),
    AmbientCase("warnings for a while", ("import warnings",), "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')"),
    AmbientCase("locale", ("import locale",), "_x = locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')", "locale", "locale"),
)  # fmt: skip

PLACES = (
    AmbientCase("cwd", ("import os\nos.makedirs('inner', exist_ok=True)",), "os.chdir('inner')", "", "cwd"),
    AmbientCase("where it works is asked for", ("import os",), "here = os.getcwd()", "cwd"),
    AmbientCase("%cd", ("import os\nos.makedirs('inner2', exist_ok=True)",), "%cd -q inner2", "", "cwd"),
    AmbientCase("an environment variable is set", ("import os",), "os.environ['NBC_A'] = 'v'", "environ", "environ", told="NBC_A"),
    AmbientCase("one is read", ("import os",), "x = os.getenv('NBC_A')", "environ"),
    AmbientCase("%env sets one", (), "%env NBC_B=1", "", "environ", told="NBC_B"),
    AmbientCase("sys.path", ("import sys",), "sys.path.append('lib_of_mine')", "", "sys.path"),
    AmbientCase("a project module", ("import os\nos.makedirs('m', exist_ok=True)\n_ = open('helpers_a.py', 'w').write('k = 1')",),
                "import helpers_a", "module:helpers_a sys.path"),
    AmbientCase("from a project module", ("_ = open('helpers_b.py', 'w').write('k = 1')",), "from helpers_b import k",
                "module:helpers_b sys.path"),
    AmbientCase("a project module imported by one", ("_ = open('helpers_c.py', 'w').write('k = 1')\n_ = open('helpers_d.py', 'w').write('import helpers_c')",),
                "import helpers_d", "module:helpers_c module:helpers_d sys.path"),
    AmbientCase("a reload", ("import importlib\n_ = open('helpers_e.py', 'w').write('k = 1')", "import helpers_e"),
                "_ = importlib.reload(helpers_e)", "module:helpers_e"),
)  # fmt: skip

EFFECTS = (
    AmbientCase("the clock", ("import time",), "t = time.time()", effects="clock"),
    AmbientCase("the date", ("from datetime import datetime",), "d = datetime.now()", effects="clock"),
    AmbientCase("the clock through pandas", ("import pandas as pd",), "d = pd.Timestamp.now()", effects="clock"),
    AmbientCase("the clock in a function", ("import time\ndef stamp():\n    return time.perf_counter()",), "t = stamp()", effects="clock"),
    AmbientCase("a sleep is no look at the clock", ("import time",), "time.sleep(0)"),
    AmbientCase("a subprocess", ("import subprocess",), "r = subprocess.run(['true'])", effects="subprocess"),
    AmbientCase("os.system", ("import os",), "r = os.system('true')", effects="subprocess"),
    AmbientCase("!command", (), "!true", effects="subprocess"),
    AmbientCase("%%bash", (), "%%bash\ntrue", effects="subprocess"),
    AmbientCase("the network", ("import socket",), "try:\n    socket.getaddrinfo('nowhere.invalid', 80)\nexcept OSError:\n    pass", effects="network"),
    AmbientCase("this machine is no network", ("import socket",), "s = socket.socket()\ntry:\n    s.connect(('127.0.0.1', 9))\nexcept OSError:\n    pass\ns.close()"),
    AmbientCase("a URL", ("import urllib.request",), "try:\n    urllib.request.urlopen('http://nowhere.invalid/a.csv', timeout=1)\nexcept OSError:\n    pass", effects="network"),
    AmbientCase("a thread that goes on", ("import threading, time\nstop = threading.Event()\ndef work():\n    stop.wait(5)",),
                "t = threading.Thread(target=work)\nt.start()", effects="thread"),
    AmbientCase("nothing", (), "x = 1 + 1"),
)  # fmt: skip
