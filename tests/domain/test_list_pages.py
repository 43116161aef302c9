import pytest

from monitoring_tasks.domain.list_pages import ListPage


@pytest.mark.parametrize(("rows", "number"), [(0, 1), (1, 0)])
def test_what_is_no_page_is_refused(rows: int, number: int) -> None:
    """Both are counted from one."""
    with pytest.raises(ValueError, match=f"page {number} of {rows} rows"):
        ListPage(rows=rows, number=number)
