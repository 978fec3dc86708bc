"""The board in Django 5.2: own models on the same tables, its Jinja2 backend, no middleware, DEBUG off, one connection kept.

Served by granian as `bench.peers.django_board:application`; BENCH_DATABASE and BENCH_URL say what and where.
"""

from __future__ import annotations

import os
from functools import reduce
from operator import or_
from typing import Any

import django
from django.conf import settings

from bench.peers import page


def environment(**options: Any) -> Any:
    """The Jinja2 environment of Django's backend, with what the templates call."""
    from jinja2 import Environment

    made = Environment(**options)
    made.globals.update(page.GLOBALS)
    return made


settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    USE_I18N=False,
    LOGGING_CONFIG=None,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {"init_command": page.PRAGMAS},
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": page.TEMPLATES,
            "OPTIONS": {"environment": f"{__name__}.environment", **page.ENVIRONMENT},
        }
    ],
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

from db.clock import today  # noqa: E402
from rules.board import MEALS  # noqa: E402


class Subdistrict(models.Model):
    """A subdistrict-level unit."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "board"
        db_table = "subdistrict"
        managed = False


class Station(models.Model):
    """A station, as far as the board shows it."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20)
    subdistrict = models.CharField(max_length=9)
    state = models.CharField(max_length=20)

    class Meta:
        app_label = "board"
        db_table = "station"
        managed = False


class Job(models.Model):
    """A post."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=20)
    station = models.ForeignKey(Station, models.PROTECT, db_column="station")
    listed = models.BooleanField()
    headcount = models.IntegerField()
    placed_count = models.IntegerField()
    title = models.CharField(max_length=60)
    trade = models.CharField(max_length=3)
    subdistrict = models.CharField(max_length=9)
    landmark = models.CharField(max_length=60)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    start_time = models.TimeField(null=True)
    end_time = models.TimeField(null=True)
    pay_fen = models.BigIntegerField()
    pay_unit = models.CharField(max_length=10)
    settle_cycle = models.CharField(max_length=12)
    hourly_fen = models.BigIntegerField(null=True)
    benefits = models.CharField(max_length=200)
    certificates = models.CharField(max_length=80)
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "board"
        db_table = "job"
        managed = False


def _posts(asked: page.Asked) -> models.QuerySet:
    """Posts on the board that answer the filter, apart from days."""
    found = Job.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=asked.today), listed=True, valid_to__gte=asked.today, **asked.equal
    )
    if asked.search.filter.meals:
        found = found.filter(reduce(or_, (Q(benefits__contains=meal) for meal in MEALS)))
    return found


def _arms(asked: page.Asked) -> list[tuple[int, models.QuerySet]]:
    """Work that has begun, then coming work, each in its order and after the page before."""
    phase, day, last = asked.after[:3] if asked.after else (page.STARTED, asked.today, 0)
    wanted, arms = asked.search.filter, []
    if phase == page.STARTED and (wanted.first is None or wanted.first <= asked.today):
        begun = _posts(asked).filter(start_date__lte=day)
        if asked.after:
            begun = begun.filter(Q(start_date__lt=day) | Q(id__lt=last))
        arms.append((page.STARTED, begun.order_by("-start_date", "-id")))
    if wanted.last is None or wanted.last > asked.today:
        coming = _posts(asked).filter(start_date__gt=asked.today)
        if phase == page.COMING:
            coming = coming.filter(Q(start_date__gt=day) | Q(id__lt=last), start_date__gte=day)
        if wanted.first is not None and wanted.first > asked.today:
            coming = coming.filter(start_date__gte=wanted.first)
        if wanted.last is not None:
            coming = coming.filter(start_date__lte=wanted.last)
        arms.append((page.COMING, coming.order_by("start_date", "-id")))
    return arms


def _rows(asked: page.Asked) -> list[dict[str, Any]]:
    """One more than a page; the second question is only asked when the first did not fill the page."""
    rows: list[dict[str, Any]] = []
    for phase, arm in _arms(asked):
        for row in arm.values(*page.COLUMNS)[: page.SIZE + 1 - len(rows)]:
            row["phase"] = phase
            rows.append(row)
        if len(rows) > page.SIZE:
            break
    return rows


def _count(asked: page.Asked) -> int:
    counted = 0
    for _, arm in _arms(asked):
        counted += arm.order_by()[: page.COUNTED + 1].count()
    return counted


def _places() -> Any:
    stations = list(Station.objects.order_by("code").values("id", "code", "name", "phone", "subdistrict", "state"))
    return dict(Subdistrict.objects.order_by("code").values_list("code", "name")), page.stations_in_order(stations)


def jobs(request: HttpRequest) -> HttpResponse:
    """The board."""
    places = page.remembered("places") or page.remember("places", _places())
    asked = page.read(request.GET, today(), places[0])
    key = (asked.search.filter, asked.today)
    count = page.remembered(key)
    if count is None:
        count = page.remember(key, _count(page.Asked(asked.search, asked.today, None)))
    shown = page.context(asked, _rows(asked), count, places, request.path, request.META["QUERY_STRING"])
    return render(page.dress(request, os.environ["BENCH_URL"]), "jobs.html", shown)


urlpatterns = [path("jobs", jobs)]
application = WSGIHandler()
