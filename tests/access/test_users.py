"""The users file: what is read, what is left out and said, and the grants that follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.access.roles import roles
from orchestration.access.users import (
    USERNAME_PATTERN,
    User,
    UserList,
    UsersFileError,
    load_users,
    parse_users,
    too_much,
    viewers,
)
from orchestration.settings import Settings

HEAD = "username,full_name,role,commune_code\n"
CODES = frozenset({"14797", "14812"})


def parse(lines: str) -> UserList:
    return parse_users(HEAD + lines, "users.csv", CODES, roles())


def test_a_line_is_a_person() -> None:
    assert parse("nguyen.an,Nguyễn Thị An,xa,14797\n").users == (
        User("nguyen.an", "Nguyễn Thị An", "xa", ("14797",)),
    )


def test_excel_writes_semicolons_and_a_mark_in_front(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text(HEAD.replace(",", ";") + "an;An;lanh_dao;\n\n", encoding="utf-8-sig")
    assert load_users(Settings(home=tmp_path)).users == (User("an", "An", "lanh_dao", ()),)


def test_somebody_may_look_after_two_communes() -> None:
    assert viewers(parse("an,An,xa,14812 14797\n").users, roles()) == (("an", "14797"), ("an", "14812"))


@pytest.mark.parametrize("role", ["trung_tam", "lanh_dao", "phan_tich", "admin"])
def test_who_sees_all_is_granted_all_in_the_data(role: str) -> None:
    assert viewers(parse(f"an,An,{role},\n").users, roles()) == (("an", "*"),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("An,An,xa,14797", "tên đăng nhập"),
        ("x' or '1'='1,An,xa,14797", "tên đăng nhập"),
        ("admin,An,trung_tam,", "quản trị có sẵn"),
        ("an,,xa,14797", "họ tên"),
        ("an,An,giam_doc,", "vai trò"),
        ("an,An,xa,", "mã xã"),
        ("an,An,xa,*", "mã xã"),
        ("an,An,xa,99999", "mã xã"),
        ("an,An,lanh_dao,14797", "để trống"),
        ("an,An,xa", "cột"),
    ],
)
def test_a_line_that_cannot_be_right_grants_nothing(line: str, said: str) -> None:
    read = parse(f"{line}\nbinh,Bình,xa,14812\n")
    assert [user.username for user in read.users] == ["binh"]
    assert "dòng 2" in read.faults[0]
    assert said in read.faults[0]


def test_of_two_lines_for_one_person_none_counts() -> None:
    read = parse("an,An,xa,14797\nan,An,trung_tam,\n")
    assert read.users == ()
    assert "nhiều dòng" in read.faults[0]


def test_another_head_is_refused() -> None:
    with pytest.raises(UsersFileError, match="Dòng đầu"):
        parse_users("name,role\n", "users.csv", CODES, roles())


def test_without_a_file_there_is_nobody(tmp_path: Path) -> None:
    assert load_users(Settings(home=tmp_path)).users == ()


def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsersFileError, match="USERS_FILE"):
        load_users(Settings(home=tmp_path, users_file=tmp_path / "none.csv"))


def test_who_moved_on_is_locked_until_the_release_knows() -> None:
    published = [("moved", "14797"), ("promoted", "14797"), ("left", "*"), ("same", "14812")]
    wanted = [
        ("moved", "14812"),
        ("promoted", "14797"),
        ("promoted", "14812"),
        ("same", "14812"),
        ("new", "*"),
    ]
    assert too_much(published, wanted) == {"moved", "left"}


@given(st.text())
def test_no_name_that_is_taken_can_end_a_literal(name: str) -> None:
    if USERNAME_PATTERN.fullmatch(name):
        assert not set(name) & set("'\"\\;:{}%() \n")
