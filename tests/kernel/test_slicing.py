"""``%cairn slice`` in a real kernel: the minimal code, shown or put into a cell below."""


def test_the_code_of_a_name_is_shown(clean):
    clean.run("a = [1]\nother = 2")
    clean.run("a.append(3)\nlen(a)")
    clean.run("b = a + [4]")
    shown = clean.run("%cairn slice b --print").text
    for line in ("a = [1]\n", "a.append(3)\n", "b = a + [4]\n"):
        assert line in shown
    assert "other" not in shown
    assert "len(a)" not in shown
    assert "lines of 3 runs make b" in shown


def test_what_is_not_known_is_told(clean):
    assert "holds no" in clean.run("%cairn slice nothing_of_that_name").text
    assert "%cairn slice NAME" in clean.run("%cairn slice").text


def test_the_cell_below_is_announced(clean):
    clean.run("c = 5")
    assert clean.run("%cairn slice c").text.startswith("The cell below: ")
