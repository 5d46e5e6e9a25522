"""Code that is formatted, checked, compared and refused: by file, by folder, from standard input, with a configuration."""

import re
import subprocess
import sys
from pathlib import Path

Path("src").mkdir()
Path("src/ugly.py").write_text("def f( a,b ) :\n  return {'a':a,\n 'b' : b}\nx = 'a' if  True else  \"b\"\n")
Path("src/fine.py").write_text("x = 1\n")
Path("src/broken.py").write_text("def f(:\n")
Path("pyproject.toml").write_text("[tool.black]\nline-length = 30\nskip-string-normalization = true\n")
CHANGING = re.compile(r"\d{4}-\d\d-\d\d [\d:.+ ]+|in [\d.]+s|python [\d.]+|/\S*/(?=src|pyproject)", re.IGNORECASE)


def black(*arguments, stdin=None):
    command = [sys.executable, "-m", "black", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)
    errors = "\n".join(sorted(result.stderr.splitlines()))
    print(f"== {arguments}: {result.returncode}\n{CHANGING.sub('', result.stdout)}{CHANGING.sub('', errors)}")


black("--check", "src/fine.py", "src/ugly.py")
black("--diff", "--color", "src/ugly.py")
black("--check", "-v", "src")
black("-q", "-", stdin="x  =  {  }\n")
black("-c", "print ( 'a' )")
black("-l", "nonsense", "src")
black("--target-version", "py27", "src")
black("--line-rages", "1-2", "src")
black("--line-ranges", "1-2", "src/ugly.py")
black("nowhere")
black()
black("--help")
black("--version")
black("src/ugly.py")
print(Path("src/ugly.py").read_text())
