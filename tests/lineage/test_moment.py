"""The stamp of a report is left out of what is compared; dates and times that are data stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nbcairn.lineage.moment import without_moment

NOW = datetime.now().astimezone()
STARTED = (NOW - timedelta(seconds=5)).isoformat()


def stamped(moment: datetime) -> str:
    return moment.strftime("Date: %a, %d %b %Y  Time: %H:%M:%S  R-squared: 0.9")


def test_a_stamp_of_now_is_left_out():
    text = without_moment(stamped(NOW), STARTED)
    assert text == "Date: today  Time: now  R-squared: 0.9"


@pytest.mark.parametrize("apart", [timedelta(hours=3), timedelta(days=400), timedelta(minutes=7)])
def test_another_moment_is_data(apart):
    text = stamped(NOW - apart)
    assert without_moment(text, STARTED) == text


def test_a_time_without_a_date_is_data():
    text = NOW.strftime("at %H:%M:%S")
    assert without_moment(text, STARTED) == text


def test_a_long_run_may_have_stamped_at_its_beginning():
    began = NOW - timedelta(minutes=30)
    text = without_moment(stamped(began + timedelta(seconds=2)), began.isoformat())
    assert "now" in text or began.date() != NOW.date()
