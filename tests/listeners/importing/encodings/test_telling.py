"""Encodings told from a file's bytes: by marks, by letters, from anywhere in it; and what cannot be told is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.models import HearbackError
from listeners.importing.encodings import telling
from listeners.importing.readers.tables import Layout, open_table

TEXTS = {  # a language's encodings -> lines as people write them
    "cp1255 iso8859_8": "הקומקום הגיע שבור לגמרי; אף אחד לא עונה לי כבר שבוע; רוצה את הכסף בחזרה",
    "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic": "Чайник пришёл разбитым; Поддержка молчит; Верните деньги",
    "koi8_u": "Чайник прийшов розбитим; Підтримка мовчить уже тиждень; Поверніть мої гроші",
    "cp1253 iso8859_7": "Ο βραστήρας ήρθε σπασμένος; Κανείς δεν απαντά στα μηνύματα; Θέλω πίσω τα χρήματα",
    "cp1256 iso8859_6": "وصلت الغلاية مكسورة تماما; لا أحد يرد على رسائلي; أريد استرجاع المال",
    "cp874": "กาต้มน้ำแตกมาถึงบ้าน; ไม่มีใครตอบข้อความเลย; อยากได้เงินคืนเร็วๆ",
    "cp932 euc_jp iso2022_jp": "ケトルが割れて届きました。; 一週間も返事がありません。; お金を返してください。",
    "cp949 euc_kr": "주전자가 깨진 채로 왔어요; 일주일째 답장이 없습니다; 돈을 돌려주세요",
    "gb18030 gb2312": "水壶送来的时候已经破了; 一个星期没有人回答我; 我要你们把钱还给我",
    "big5": "水壺送來的時候已經破了; 一個星期沒有人回答我; 我要你們把錢還給我",
    "cp1250 iso8859_2": "Czajnik przyszedł rozbity, żałuję zakupu; Nikt nie odpisuje mi; Proszę o zwrot pieniędzy",
    "cp1254 iso8859_9": "Su ısıtıcısı kırık geldi; Bir haftadır kimse cevap yazmıyor; Paramı geri istiyorum lütfen",
    "cp1257": "Virdulys atvyko sudužęs; Jau savaitę niekas man neatsako; Prašau grąžinti pinigus",
    "cp1252 cp850 mac_roman": "La bouilloire est arrivée cassée; Personne ne répond depuis une semaine; Très déçu",
}  # fmt: skip
CASES = [(encoding, text) for encodings, text in TEXTS.items() for encoding in encodings.split()]


def table_of(text: str) -> str:
    rows = [f"{n};2026-11-0{n} 10:00;1;{one.strip()}" for n, one in enumerate(text.split(";"), start=1)]
    return "\n".join(["id;date;rating;review", *rows]) + "\n"


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts(path: Path, encoding: str | None = None) -> list[str]:
    return [row[-1] for chunk in open_table(path, layout=Layout(encoding)).chunks() for row in chunk.rows]


def assert_read_or_refused(path: Path, first: str) -> None:
    """The first text reads right, or the file is refused with the words how to name its encoding."""
    try:
        assert texts(path)[0] == first
    except HearbackError as refusal:
        assert telling.HOW in str(refusal)


@pytest.mark.parametrize(("encoding", "text"), CASES, ids=[encoding for encoding, _ in CASES])
def test_three_lines_tell_the_encoding_of_a_file(tmp_path, encoding, text):
    path = written(tmp_path, table_of(text).encode(encoding))
    assert texts(path) == [one.strip() for one in text.split(";")]


@pytest.mark.parametrize(
    "line",
    [
        *("The café was rude", "It’s slow — “never again”", "Größe falsch", "¿Dónde está?", "Não recomendo nada disso"),
        *(
            "It cost €5",
            "It reached 25°C",
            "½ price",
            "Señor Acme was rude",
            "Like Beyoncé",
            "10 × 20 cm",
            "Acme™ is bad",
        ),
    ],
)
def test_one_line_of_windows_1252_is_enough(tmp_path, line):
    path = written(tmp_path, f"id,text\n1,{line}\n2,Fine\n".encode("cp1252"))
    assert texts(path) == [line, "Fine"]
    assert open_table(path).called.endswith("written as cp1252")


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("gbk", "产品坏了，客服不理人"),
        ("euc_kr", "감사합니다"),
        ("cp874", "บริการแย่มาก"),
        ("euc_jp", "サービスが最悪です"),
        ("big5", "產品壞了，客服不理人"),
        ("cp1255", "שירות גרוע מאוד, לא חוזר"),
        ("koi8_r", "Ужасный сервис, не советую"),
        ("cp1256", "المنتج وصل مكسور"),
        ("mac_roman", "Le produit est arrivé cassé"),
    ],
)
def test_one_line_of_another_script_is_enough(tmp_path, encoding, line):
    path = written(tmp_path, f'id,text\n1,"{line}"\n2,Fine\n'.encode(encoding))
    assert texts(path) == [line, "Fine"]


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        *(("iso8859_2", "źle działa"), ("iso8859_2", "Škoda nefunguje"), ("iso8859_2", "šport čist žaba")),
        *(("cp1250", "żle"), ("cp1250", "Ştefan"), ("big5", "垃圾"), ("cp850", "José")),
    ],
)
def test_a_word_with_signs_among_its_letters_is_never_taken_for_a_western_one(tmp_path, encoding, line):
    assert_read_or_refused(written(tmp_path, f"id,text\n1,{line}\n2,Fine\n".encode(encoding)), line)


@pytest.mark.parametrize(
    ("encoding", "line"), [("mac_roman", "El envío llegó tarde"), ("mac_cyrillic", "Ужасный сервис"), ("gbk", "不错")]
)
def test_a_line_that_reads_in_two_encodings_is_never_taken_for_the_wrong_one(tmp_path, encoding, line):
    assert_read_or_refused(written(tmp_path, f'id,text\n1,"{line}"\n2,Fine\n'.encode(encoding)), line)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *(("cp1250", name) for name in ("Dvořák", "Černý", "Győr", "Kieślowski", "Łódź", "Śląsk", "Novák")),
        *(("cp1254", name) for name in ("Ağrı", "Şişli", "İstanbul")),
    ],
)
def test_a_name_in_an_english_file_is_not_taken_for_a_western_one(tmp_path, encoding, name):
    plain = "2,The support was friendly and helped me within an hour\n3,It crashed twice last week\n"
    path = written(tmp_path, f"id,text\n1,I met {name} there today\n{plain}".encode(encoding))
    assert_read_or_refused(path, f"I met {name} there today")


@pytest.mark.parametrize("name", ["café", "Müller", "señor", "Françoise", "Malmö", "São Paulo", "Bjørk", "Citroën"])
def test_a_western_name_in_an_english_file_is_read(tmp_path, name):
    path = written(tmp_path, f"id,text\n1,I met {name} there today\n2,It crashed twice\n".encode("cp1252"))
    assert name in texts(path)[0]


def test_lines_far_down_a_long_file_tell_its_encoding(tmp_path):
    text = "Чайник пришёл разбитым и поддержка молчит"
    path = written(tmp_path, ("id,text\n" + "1,fine\n" * 400_000 + f"2,{text}\n").encode("cp1251"))
    assert texts(path)[-1] == text
    assert texts(written(tmp_path, ("id,text\n" + "1,fine\n" * 400_000 + f"2,{text}\n").encode()))[-1] == text


def test_a_character_across_two_blocks_is_utf8_all_the_same(tmp_path):
    for before in range(telling.BLOCK - 12, telling.BLOCK - 7):
        path = written(tmp_path, b"id,text\n" + b"1," + b"x" * before + "é😀\n".encode())
        assert open_table(path).called == "CSV with commas"


def test_a_few_damaged_lines_in_utf8_are_not_another_encoding(tmp_path):
    path = written(tmp_path, b"id,text\n" + "1,café\n".encode() * 5 + b"2,caf\xe9\n" * 3)
    assert texts(path) == ["café"] * 5


@pytest.mark.parametrize("content", [b"id,text\n" + b"1,\x81\x8d\x81\n" * 9, "id,text\n1,ירי\n".encode("cp1255")])
def test_what_cannot_be_told_is_refused_with_what_to_do(tmp_path, content):
    path = written(tmp_path, content)
    with pytest.raises(HearbackError, match=r"file\.csv: .* not UTF-8, .* --encoding NAME, .* Setup page"):
        open_table(path)


def test_a_named_encoding_is_taken_whatever_the_bytes_look_like(tmp_path):
    path = written(tmp_path, "id,text\n1,ירי\n".encode("cp1255"))
    assert texts(path, "CP1255") == ["ירי"]
    assert texts(path, "utf-8") == []  # its lines are set aside one by one
    [chunk] = open_table(path, layout=Layout("utf-8")).chunks()
    assert chunk.broken[0].reason == "not valid UTF-8"


@pytest.mark.parametrize("name", ["klingon", "unicode_escape", "base64", "rot13", "", "utf-7", "x\0y"])
def test_a_name_that_is_no_encoding_is_told(tmp_path, name):
    with pytest.raises(HearbackError, match="There is no encoding"):
        telling.chosen(name)


def test_every_encoding_that_is_offered_is_one():
    assert all(telling.chosen(name) for name in telling.CHOICES)


@pytest.mark.parametrize("name", ["file.json", "file.jsonl"])
def test_json_of_older_encodings_is_read_as_it_was_written(tmp_path, name):
    rows = ['{"text": "Чайник пришёл разбитым"}', '{"text": "Поддержка молчит"}']
    whole = f"[{', '.join(rows)}]" if name == "file.json" else "\n".join(rows)
    path = written(tmp_path, whole.encode("cp1251"), name)
    assert texts(path) == ["Чайник пришёл разбитым", "Поддержка молчит"]
