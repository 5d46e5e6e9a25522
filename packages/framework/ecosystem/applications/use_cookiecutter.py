"""A template of a project: asked for, filled in, with hooks, extensions and loops, from the command line and from code."""

import subprocess
import sys
from pathlib import Path

from cookiecutter.exceptions import UndefinedVariableInTemplate
from cookiecutter.main import cookiecutter

template = Path("template")
inner = template / "{{cookiecutter.slug}}"
(template / "hooks").mkdir(parents=True)
inner.mkdir()
(template / "cookiecutter.json").write_text(
    '{"name": "My Cart", "slug": "{{ cookiecutter.name|lower|replace(\' \', \'-\') }}", "kind": ["dray", "wain"],'
    ' "parts": {"items": ["axle", "wheel"]}, "__year": "{% now \'utc\', \'%Y\' %}", "_copy_without_render": ["*.raw"]}'
)
(inner / "README.md").write_text(
    "# {{ cookiecutter.name }}\n{% for part in cookiecutter.parts['items'] -%}\n- {{ loop.index }} {{ part|title }}\n{% endfor %}"
    "{{ cookiecutter.name|slugify }} {{ {'a': 1}|jsonify(0) }} {% if cookiecutter.kind == 'wain' %}wain{% endif %}\n"
)
(inner / "{{ cookiecutter.kind }}.txt").write_text("{{ cookiecutter|length }}")
(inner / "kept.raw").write_text("{{ not rendered }}")
(template / "hooks" / "post_gen_project.py").write_text("print('made {{ cookiecutter.slug }}')")


def cli(*arguments, stdin=""):
    command = [sys.executable, "-m", "cookiecutter", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)
    print(f"== {arguments}: {result.returncode}\n{result.stdout}{result.stderr}")


def tree(root):
    for path in sorted(Path(root).rglob("*")):
        print(path, repr(path.read_text()) if path.is_file() else "")


cli("--no-input", "-o", "one", "template", "kind=wain")
tree("one")
cli("-o", "two", "template", stdin="Another\n\n1\n\n")
tree("two")
cli("--no-input", "-o", "one", "template")
cli("--no-input", "template", "nothing")
cli("nowhere")
cli("--help")
print(Path(cookiecutter("template", no_input=True, output_dir="three", extra_context={"slug": "x"})).name)
tree("three")
(inner / "broken.txt").write_text("{{ cookiecutter.nothing }}")
try:
    cookiecutter("template", no_input=True, output_dir="four")
except UndefinedVariableInTemplate as error:
    print(error.message, error.error.message)
