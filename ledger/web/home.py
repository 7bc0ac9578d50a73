"""The way in: a person's own book, or the list of them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from ledger.book import books, roster
from ledger.web import navigation
from ledger.web.access import SIGNED_IN, current_actor, current_person, needs
from ledger.web.desk import store

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@needs(SIGNED_IN)
def start() -> str | Response:
    """Open the person's book; with several, or none, say so."""
    with store().reading() as reading:
        codes = roster.books(reading, current_person().person)
        actors = [current_actor(reading, code) for code in codes]
        names = {code: books.get(reading, code).name for code in codes}
    if len(actors) == 1:
        return redirect(navigation.first_page(actors[0]))
    shown = [(actor, names[actor.book], navigation.first_page(actor)) for actor in actors]
    return render_template("home/books.html", books=shown)
