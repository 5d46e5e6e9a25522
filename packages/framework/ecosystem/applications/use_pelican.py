"""A blog: articles, drafts, pages, tags, feeds, a theme of its own on Jinja, settings for it."""

import subprocess
import sys
from pathlib import Path

content, theme = Path("content"), Path("theme/templates")
(content / "pages").mkdir(parents=True)
theme.mkdir(parents=True)
(content / "one.rst").write_text(
    "Loading\n#######\n\n:date: 2026-01-02 10:00\n:tags: carts, wheels\n:category: Work\n\nFirst *load* <it>.\n"
)
(content / "two.rst").write_text(
    "Driving\n#######\n\n:date: 2026-02-03 10:00\n:tags: carts\n:category: Work\n\nSee `one <{filename}one.rst>`_.\n"
)
(content / "draft.rst").write_text("Later\n#####\n\n:date: 2026-03-03\n:status: draft\n\nNot yet.\n")
(content / "pages" / "about.rst").write_text("About\n#####\n\nUs.\n")
Path("pelicanconf.py").write_text(
    "AUTHOR, SITENAME, SITEURL = 'Ada', 'Carts & Co', 'https://carts.example'\nPATH, TIMEZONE, DEFAULT_LANG = 'content', 'UTC', 'en'\n"
    "FEED_ALL_ATOM = 'feeds/all.xml'\nDEFAULT_PAGINATION = 1\nJINJA_FILTERS = {'loud': str.upper}\nJINJA_GLOBALS = {'wheels': 4}\n"
    "JINJA_ENVIRONMENT = {'trim_blocks': True, 'extensions': ['jinja2.ext.do', 'jinja2.ext.loopcontrols']}\n"
)
(theme / "index.html").write_text(
    "{% extends '!simple/base.html' %}{% block content %}{% for article in articles_page.object_list %}"
    "<h2>{{ article.title|loud }} {{ article.date|strftime('%d %B %Y') }} {{ wheels }}</h2>{{ article.summary }}{% if loop.last %}{% break %}{% endif %}"
    "{% endfor %}{% include 'pagination.html' %}{% endblock %}"
)


def pelican(*arguments):
    result = subprocess.run([sys.executable, "-m", "pelican", *arguments], capture_output=True, text=True, check=False)
    print(f"== {arguments}: {result.returncode}")
    return result


for name, options in {"default": [], "own": ["-t", "theme"]}.items():
    result = pelican("content", "-s", "pelicanconf.py", "-o", name, *options)
    print([line for line in result.stderr.splitlines() if "ERROR" in line or "CRITICAL" in line])
    for path in sorted(Path(name).rglob("*")):
        if path.suffix in {".html", ".xml"}:
            print(f"-- {path}\n{path.read_text()}")
(theme / "index.html").write_text("{% block %}")
result = pelican("content", "-s", "pelicanconf.py", "-o", "broken", "-t", "theme")
print("block" in result.stdout + result.stderr)
