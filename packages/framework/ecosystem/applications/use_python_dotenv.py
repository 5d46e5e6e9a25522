"""Its command line: values set, got, listed in each format, unset, handed to a process."""

import subprocess
import sys
from pathlib import Path


def dotenv(*arguments):
    result = subprocess.run([sys.executable, "-m", "dotenv", *arguments], capture_output=True, text=True, check=False)
    print(f"== {arguments}: {result.returncode}")
    print(f"{result.stdout}{result.stderr}".replace(str(Path.cwd()), ""))


dotenv("--help")
dotenv("list")
Path(".env").write_text("# carts\nA=1\nexport B='two words'\nC=${A}-${B}\n")
dotenv("list")
for form in ("json", "shell", "export", "simple", "xml"):
    dotenv("list", "--format", form)
dotenv("set", "D", "it's")
dotenv("-q", "always", "set", "E", "5")
dotenv("-q", "sometimes", "set", "E", "5")
dotenv("-e", "true", "set", "F", "6")
dotenv("get", "C")
dotenv("get", "nothing")
dotenv("unset", "A")
dotenv("unset", "A")
dotenv("-f", "nowhere/.env", "list")
dotenv("run", "--", sys.executable, "-c", "import os; print(os.environ['D'])")
dotenv("run", "--no-override", "--", sys.executable, "-c", "import sys; sys.exit(3)")
dotenv("run")
dotenv("--version")
print(Path(".env").read_text())
