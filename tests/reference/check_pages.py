#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reference pages of every contract of the tree and of every example of the documentation, as HTML and as Markdown.

usage: check_pages.py MSGC ROOT

HTML: every element is closed, ids are unique, links lead somewhere on the page, nothing comes from elsewhere, script and style are the two that the
page's Content-Security-Policy names by their hashes, and no attribute runs anything. Markdown, rendered by markdown-it: the same of what it
becomes, and no HTML in it but the anchors. Of hostile.msg, whose texts want to be more than text: they are there, as texts.
"""
import base64
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

from markdown_it import MarkdownIt

VOID = {"meta", "link", "input", "br", "hr", "img", "path"}
TAGS = {"html", "head", "meta", "link", "title", "style", "body", "script", "a", "input", "div", "label", "svg", "path", "kbd", "button", "main", "h1", "h2", "h3",
        "h4", "p", "span", "b", "section", "article", "header", "code", "dl", "dt", "dd", "ul", "li", "figure", "figcaption", "pre", "nav", "footer"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "type", "id", "aria-label", "aria-hidden", "for", "viewbox", "d", "placeholder",
              "autocomplete", "spellcheck", "title", "data-find", "hidden", "dir"}
MARKDOWN_TAGS = {"h1", "h2", "h3", "p", "a", "em", "strong", "code", "pre", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
MARKDOWN_ATTRIBUTES = {"id", "href", "class"}
FENCE = re.compile(r"^```msg([^\n]*)\n(.*?)^```$", re.M | re.S)
LEFT_OUT = {"node_modules", "diagnostics", "seeds", "diff", "fmt"}


class Page(HTMLParser):
    def __init__(self, tags, attributes):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes = tags, attributes
        self.open, self.ids, self.links, self.problems, self.texts = [], [], [], [], []
        self.inline = {"script": [], "style": []}
        self.policy = None

    def handle_starttag(self, tag, attrs):
        if tag not in self.tags:
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            if name not in self.attributes:
                self.problems.append(f"{tag} {name}={value}")
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values and values["href"] != "data:,":
            self.links.append(values["href"])
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] in self.inline:
            self.inline[self.open[-1]].append(data)
        else:
            self.texts.append(data)

    def check(self):
        self.close()
        problems = list(self.problems)
        if self.open:
            problems.append(f"left open: {self.open}")
        problems += [f"twice: {name}" for name in sorted({name for name in self.ids if self.ids.count(name) > 1})]
        problems += [f"leads nowhere: {link}" for link in self.links if not link.startswith("#") or link[1:] not in self.ids]
        return problems


def check_html(text):
    page = Page(TAGS, ATTRIBUTES)
    page.feed(text)
    problems = page.check()
    for tag in ("script", "style"):
        whole = "".join(page.inline[tag])
        digest = base64.b64encode(hashlib.sha256(whole.encode()).digest()).decode()
        if text.count(f"<{tag}>") != 1 or f"{tag}-src 'sha256-{digest}'" not in (page.policy or ""):
            problems.append(f"the policy does not name this {tag}")
    if not (page.policy or "").startswith("default-src 'none'"):
        problems.append("the policy lets more in")
    return problems, page


def check_markdown(text):
    page = Page(MARKDOWN_TAGS, MARKDOWN_ATTRIBUTES)
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    return page.check(), page


def contracts(root, folder):
    """(label, file) of each."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part in LEFT_OUT or part.startswith((".", "build")) for part in parts[:-1]):
            continue
        if path.suffix == ".msg":
            yield str(path.relative_to(root)), path
        elif path.suffix == ".md" and path.is_file():
            for words, text in FENCE.findall(path.read_text()):
                name = re.search(r"^\s*contract\s+(\w+)", text, re.M)
                if not name or "fragment" in words or "file=" in words:
                    continue
                example = folder / "examples" / path.stem / f"{name.group(1)}.msg"
                example.parent.mkdir(parents=True, exist_ok=True)
                example.write_text(text)
                yield f"{path.relative_to(root)}: {name.group(1)}", example


def squeeze(text):
    return " ".join(text.split())


# Texts of hostile.msg that stand on the page as they stand in the contract.
HOSTILE = ["<script>hacked = 1</script> & \"title\" *stars* [link](javascript:hacked=1)", "</style><img src=x onerror=hacked=1>", "# no heading", "1. no list",
           "<svg onload=hacked=1> | a | b |", "]]> --> </p></div></script><script>hacked = 1</script>", "<i>low</i>", "</li></ul><h1>big</h1>",
           "<s>no</s> | `tick` *star*", "<u>never</u> | *not*", "<img src=x onerror=hacked=1>", "matches /^[^<>|&`]+<b>?$/", "</article></main>"]


def check_hostile(page):
    text = squeeze(" ".join("".join(page.texts).split()))
    return [f"not there as it is: {wanted}" for wanted in HOSTILE if squeeze(wanted) not in text]


# A topic's frames are addressed by the envelope's member, whatever the contract calls it.
RENAMED = """contract renamed 1;
envelope { topic as "about"; }
group message told { payload: string; }
topic news(id: int53) = "news:{id}" { broadcast told; }
consumer door at "/door/" { topics news; }
"""


def check_renamed(msgc, folder):
    (folder / "renamed.msg").write_text(RENAMED)
    done = subprocess.run([msgc, "--emit", "html,markdown", "-o", folder, folder / "renamed.msg"], capture_output=True, text=True, timeout=60)
    if done.returncode:
        return [done.stderr]
    text = squeeze(re.sub(r"<[^>]*>", "", (folder / "renamed.html").read_text())).replace("&quot;", '"')
    found = [] if '"about": "news:{id}"' in text else ["the page does not address the topic by 'about'"]
    if "each of its frames says so in `about`" not in (folder / "renamed.md").read_text():
        found.append("the Markdown does not address the topic by 'about'")
    return found


def main():
    msgc, root = sys.argv[1], pathlib.Path(sys.argv[2])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for problem in check_renamed(msgc, folder):
            failed += 1
            print(f"FAIL renamed: {problem}")
        for label, path in contracts(root, folder):
            out = folder / "out"
            out.mkdir(exist_ok=True)
            done = subprocess.run([msgc, "--emit", "html,markdown", "-o", out, path], capture_output=True, text=True, timeout=60)
            problems = [done.stderr] if done.returncode else []
            for suffix, check in ((".html", check_html), (".md", check_markdown)) if not problems else ():
                found, page = check((out / f"{path.stem}{suffix}").read_text())
                if path.name == "hostile.msg":
                    found += check_hostile(page)
                problems += [f"{suffix}: {problem}" for problem in found]
            if problems:
                failed += 1
                print(f"FAIL {label}", *problems[:12], sep="\n     ")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed < 80 else 0


if __name__ == "__main__":
    sys.exit(main())
