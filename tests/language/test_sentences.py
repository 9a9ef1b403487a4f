"""Where spoken sentences end: 44 examples written from how people talk, marks or no marks."""

import pytest
import spacy

from app.language.pipeline import Pipeline, load_pipeline
from app.language.sentences import ruled_cuts, split
from app.language.speech.words import CHUNK, chunks

JAPANESE = [
    ["母からです。", "それですぐ買いました。"],
    ["母からです", "それですぐ買いました"],
    ["それから切らすのが嫌になって定期にしたんですよね", "友達に聞いて"],
    ["値段が1.5万円で高いなと思って。"],
    ["値段が1．5万円で高いなと"],
    ["「もういいかな。」って思ったんです。", "でも続けました(笑)", "それで"],
    ["すごく良かったですけど高いですよね"],
    ["それがですね高くて"],
    ["知りませんでした", "最初は"],
    ["買った", "でも合わなかった"],
    ["本当に？って思いました！", "すごい！！"],
    ["えっと…インスタで見ました…", "かわいいなって"],
    ["安いんですかって聞いたんです", "電話で"],
    ["使ってみたら(笑)全然でした(笑)", "でも続けてます"],
    ["行った店で買った人に聞いた"],
    ["そうなんです。", "母が"],
    ["一行目です", "二行目です"],
    ["朝は忘れるので、夜だけ塗っています。"],
    ["効くのかなとは思いました。", "怪しいし。"],
    ["良いですよって言われて、その気になりました"],
    ["『これ、いいよ。使ってみて。』と姉が言うんです。"],
    ["（笑）それは言えないです。"],
    ["もう三年になります", "だからやめられないです"],
    ["お試しが届きました", "開けたらいい匂いで"],
    ["うーん、どうだろう。", "たぶん広告です。"],
    ["高いと思いましたが買いました"],
    ["肌が弱いんですよ", "だから心配で"],
    ["解約しました", "理由は余ったからです"],
    ["リピートしています", "母も使っています"],
    ["三十代になってからですね", "シミが増えたのは"],
    ["えー！", "そうなんですか？", "知らなかった。"],
    ["朝・昼・晩と飲みます。"],
    ["送料が550円かかるのが嫌でした。"],
    ["ちょっと待ってくださいね", "今思い出します"],
    ["使い始めて1週間で変わりました", "ほんとに"],
]
ENGLISH = [
    ["I saw it on Instagram.", "It was $1.50, e.g. cheap!", "Dr. Abe said so?", "Yes"],
    ["My sister told me."],
    ["No. 5 was the best.", "I bought two."],
    ["Really?!", "I didn't know."],
    ['"It works." she said.'],
    ["First line", "second line"],
    ["It cost 3.50 a day."],
    ["Hmm... maybe in May.", "It was 3.5 oz. of tea, I think."],
    ["I use it daily, i.e. at night."],
    ["I bought it.", "it was great.", "i love it."],
    ["My skin was dry.", "i tried it.", "it worked."],
    ["I liked it...", "then i stopped.", "my friend too."],
    ["I bought the 20 oz. bag."],
    ["It smelled of ... nothing.", "Nothing at all."],
]


@pytest.fixture(scope="module")
def words() -> Pipeline:
    return load_pipeline()


@pytest.mark.parametrize("sentences", JAPANESE, ids=lambda value: value[0][:12])
def test_japanese_speech_is_cut_where_a_sentence_ends(words: Pipeline, sentences: list[str]) -> None:
    for joint in ("\n",) if sentences[0] == "一行目です" else ("",):
        text = joint.join(sentences)
        assert [text[start:end] for start, end in split(text, words.tokens(text), lang="ja")] == sentences


@pytest.mark.parametrize("sentences", ENGLISH, ids=lambda value: value[0][:12])
def test_english_is_cut_at_marks_but_not_at_abbreviations(sentences: list[str]) -> None:
    text = ("\n" if sentences[0] == "First line" else " ").join(sentences)
    assert [text[start:end] for start, end in split(text, (), lang="en")] == sentences


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("en", ["so i was looking for a new cream and my neighbour in the house across the road recommended this.",
                "Nothing else worked for me and i had really tried a lot of them over all these years"]),
        ("ja", ["最初は隣の奥さんがくれた試供品を使ってみてこれはいいなと思ってすぐに電話で注文したのが始まりなんですよ。",
                "それまでは薬局で売っている安いクリームをなんとなく買って使っていたので違いに驚きました"]),
    ],
)  # fmt: skip
def test_a_mark_in_talk_with_few_of_them_ends_a_sentence(words: Pipeline, lang: str, sentences: list[str]) -> None:
    text = {"ja": "", "en": " "}[lang].join(sentences)
    found = [text[start:end] for start, end in split(text, words.tokens(text, lang), lang=lang)]
    assert any(one.endswith(sentences[0][-12:]) for one in found)
    assert not any(one.strip()[0] in "。." for one in found)


def test_blanks_and_lone_marks_are_no_sentences(words: Pipeline) -> None:
    marks = "  。。 \n\n …… （） "
    assert split(marks, words.tokens(marks), lang="ja") == []
    assert split("", (), lang="ja") == []


@pytest.mark.parametrize(("lang", "text"), [("ja", "あ、" * 5_000), ("ja", "あ" * 5_000), ("en", "a b  \n" * 5_000)])
def test_chunks_hold_the_whole_text_and_stay_short(lang: str, text: str) -> None:
    parts = list(chunks(text, lang))
    assert "".join(parts) == text
    assert max(map(len, parts)) <= CHUNK[lang]


def test_english_cut_into_chunks_has_the_words_of_the_whole(words: Pipeline) -> None:
    text = 'It was $1,000 "really?"  I said,\n\nno... It\'s e.g. 3.5 \n a U.S. thing! ' * 60
    whole = spacy.blank("en")(text)
    assert [(one.start, one.text) for one in words.tokens(text, "en")] == [(one.idx, one.text) for one in whole]


@pytest.mark.parametrize("said", ["友達が使ってたよね", "友達が使っていますよね", "友達は使っていませんでしたよね"])
def test_closing_particles_end_a_sentence_without_a_mark(words: Pipeline, said: str) -> None:
    text = f"{said}それで私も買いました。"
    assert ruled_cuts(text, words.tokens(text)) == {len(said), len(text)}
