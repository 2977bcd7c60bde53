"""Forms and ways as the sources print them, and a filled-in form read as a draft."""

from pathlib import Path

import click

from broker.cli.output import FILE, item, json_option, paragraphs, read_file, say, show
from broker.concerns.pathways import Pathway, pathway, pathways
from broker.domain.form import label_of
from broker.domain.printed_forms import Paper, PrintedForm, printed_form, printed_forms
from broker.intake.paper import PaperDraft, read_paper
from broker.packs.sandbox import Sandbox

PAPER = click.Choice([paper.value for paper in Paper])


@click.group("form")
def form_commands() -> None:
    """Look at the printed forms that the fields of ours stand for."""


@form_commands.command("list")
@json_option
def list_forms(*, as_json: bool) -> None:
    """List the printed forms, and what was read of each."""
    known = [
        {"paper": paper, "id": form.id, "title": form.title, "read": form.read}
        for paper, form in printed_forms().items()
    ]

    def in_words() -> None:
        for form in known:
            item(form["paper"], f"{form['title']} (read: {form['read']})")

    show({"forms": known}, as_json=as_json, in_words=in_words)


@form_commands.command()
@click.argument("paper", type=PAPER)
@json_option
def export(paper: str, *, as_json: bool) -> None:
    """Print every box of a printed form and the fields that it stands for."""
    form = printed_form(paper)
    show(form.document(), as_json=as_json, in_words=lambda: _form_in_words(form))


def _form_in_words(form: PrintedForm) -> None:
    say(form.title)
    item("read", form.read)
    item("note", form.note)
    for box in form.boxes:
        fields = "; ".join(label_of(field) for field in box.fields) or "(the police fill it in)"
        known = "" if box.verified else " [label not verified]"
        item(box.section, f"{box.label}{known}: {fields}")


@click.group("import")
def import_commands() -> None:
    """Read a filled-in printed form as a draft; nothing is kept or sent."""


@import_commands.command()
@click.argument("file", type=FILE)
@json_option
def vtr(file: Path, *, as_json: bool) -> None:
    """Read FILE as the VTR form of 2016; every box is mapped or listed as not mapped."""
    _import(Paper.VTR, file, as_json=as_json)


@import_commands.command()
@click.argument("file", type=FILE)
@json_option
def national(file: Path, *, as_json: bool) -> None:
    """Read FILE as the national form; every box is mapped or listed as not mapped."""
    _import(Paper.NATIONAL, file, as_json=as_json)


def _import(paper: Paper, file: Path, *, as_json: bool) -> None:
    content, sandbox = read_file(file), Sandbox()
    try:
        text = sandbox.written_in(file.name, content)
    finally:
        sandbox.close()
    draft = read_paper(printed_form(paper), text)
    show(draft.document(), as_json=as_json, in_words=lambda: _draft_in_words(draft))


def _draft_in_words(draft: PaperDraft) -> None:
    say(f"A draft from {draft.form}. Nothing was kept or sent. Confirm each box:")
    for filled in draft.boxes:
        for field, words in filled.values.items():
            paragraphs(label_of(field), words)
    if draft.not_mapped:
        say("In no field. Look at each, and type what matters:")
    for rest in draft.not_mapped:
        paragraphs(rest.label or "(no box)", f"{rest.words} [{rest.why}]")


@click.group("pathway")
def pathway_commands() -> None:
    """Look at who does what by when, as each source policy has it."""


@pathway_commands.command("list")
@json_option
def list_pathways(*, as_json: bool) -> None:
    """List the pathways, and how each source's drawing is known."""
    known = [{"id": way.id, "title": way.title, "shape": way.shape} for way in pathways().values()]

    def in_words() -> None:
        for way in known:
            item(way["id"], f"{way['title']} ({way['shape']})")

    show({"pathways": known}, as_json=as_json, in_words=in_words)


@pathway_commands.command("show")
@click.argument("name", type=click.Choice(list(pathways())))
@json_option
def show_pathway(name: str, *, as_json: bool) -> None:
    """Show the steps of one pathway."""
    way = pathway(name)
    show(way.document(), as_json=as_json, in_words=lambda: _pathway_in_words(way))


def _pathway_in_words(way: Pathway) -> None:
    say(way.title)
    item("source", f"{way.source} ({way.shape})")
    item("note", way.note)
    for number, step in enumerate(way.steps, start=1):
        known = step.paragraph if step.read else f"{step.paragraph}, not read there"
        item(f"{number} {step.who}", f"{step.what} ({step.when}; {known})")


COMMANDS = (form_commands, import_commands, pathway_commands)
