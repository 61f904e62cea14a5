"""Claims and results as Markdown: what the book shows comes from the objects that the checks evaluate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from mtp_theory.claims import Claim
from mtp_theory.claims.engine.model import GRADES, Grade, Statement, Verdict, Version, evaluate
from mtp_theory.errors import InputError
from mtp_theory.evidence import Entry

from .on_data import fault_markdown

TITLES = {
    Version.PRINTED: "As printed",
    Version.PRINTED_APPENDIX: "As printed in the appendix",
    Version.REPAIRED: "Repaired",
    Version.EXTENDED: "Extended",
}
#: How a source begins that names its claim by a number.
NUMBERED = r"(Definition|Lemma|Theorem|Corollary|Remark) \d+|Appendix \S+"
#: What stands is shown before what does not.
ORDER = (Version.REPAIRED, Version.EXTENDED, Version.PRINTED, Version.PRINTED_APPENDIX)


def _title(statement: Statement) -> str:
    variant = f", {statement.variant}" if statement.variant else ""
    return TITLES[statement.version] + variant


def statements_in_order(claim: Claim) -> list[Statement]:
    """Statements that hold first, in the order repaired, extended, printed; then the others."""
    return sorted(claim, key=lambda s: (s.expected is not Verdict.HOLDS, ORDER.index(s.version)))


def claim_markdown(claim: Claim) -> str:
    """Every statement of a claim with hypotheses, grade, note, Coq theorem and counterexample."""
    parts = [f"*Source: {claim.source}.* {claim.summary}"]
    for s in statements_in_order(claim):
        grade = f" — {GRADES[str(s.grade)]}" if s.grade is not None else ""
        lines = [f"**{_title(s)}**{grade}", "", s.words, "", f"$${s.inequality.latex}$$"]
        if s.quote:
            lines[1:1] = ["", f"> {s.quote}"]
        if s.hypotheses:
            lines += ["", "Hypotheses: " + "; ".join(s.hypotheses) + "."]
        if s.note:
            lines += ["", s.note]
        if s.counterexample is not None:
            lines += ["", counterexample_markdown(s)]
        if s.theorem is not None:
            word = "Refuted" if s.expected is Verdict.VIOLATED else "Proved"
            differs = f" The theorem says less: {s.differs}." if s.differs else ""
            lines += ["", f"{word} in Coq: `{s.theorem}`.{differs}"]
        parts.append("\n".join(lines))
    for label, text in (("Sharper", claim.sharper), ("On the paper's data", claim.on_data)):
        if text:
            parts.append(f"**{label}.** {text}")
    return "\n\n".join(parts)


def verdict_table(entry: Entry | None, claims: Iterable[str]) -> str:
    """The recorded results of some claims as a Markdown table."""
    lines = [
        "| claim | statement | verdict | grade | instances | worst slack | arithmetic |",
        "| --- | --- | --- | --- | ---: | ---: | --- |",
    ]
    wanted = list(claims)
    for r in _require(entry).results:
        if r["claim"] in wanted:
            variant = f" ({r['variant']})" if r.get("variant") else ""
            version, grade = r["statement"].replace("_", " ") + variant, GRADES.get(r["grade"] or "", "")
            cells = (r["claim"], version, _verdict(r), grade, str(r["instances"]), _slack(r), r["arithmetic"])
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def counterexample_markdown(statement: Statement) -> str:
    """The exact instance that refutes a statement, with both sides evaluated."""
    if statement.counterexample is None:
        raise ValueError(f"the {statement.version} statement has no counterexample")
    facts = statement.counterexample()
    # The case that shows the fault best: least slack.
    case = min(statement.cases(facts), key=lambda c: statement.inequality.slack(c.values))
    left = evaluate(statement.inequality.lhs, case.values)
    right = evaluate(statement.inequality.rhs, case.values)
    values = ", ".join(f"${name} = {number(v)}$" for name, v in case.values.items())
    relation = ">" if left > right else "="
    return (
        f"Instance ({facts.arithmetic}): {facts.description}.\n\n{values}.\n\n"
        f"Left side ${number(left)} {relation} {number(right)}$, the right side: the inequality fails."
    )


def overview_markdown(claims: Iterable[Claim]) -> str:
    """The printed statements by grade, a line for each grade."""
    every = list(claims)
    groups: dict[str, list[str]] = {}
    for claim in every:
        for s in claim:
            if s.version.is_printed and s.grade is not None:
                groups.setdefault(str(s.grade), []).append(f"{{doc}}`{_short(claim, s)} <claims/{claim.id}>`")
    lines = []
    for grade, words in GRADES.items():
        if grade in groups:
            names = ", ".join(dict.fromkeys(groups[grade]))
            apart = "" if Grade(grade).judges_the_paper else "Not counted with these, "
            word = words if apart else f"{words[0].upper()}{words[1:]}"
            lines.append(f"- {apart}**{word}** ({len(groups[grade])}): {names}.")
    open_claims = sum(not c.checked for c in every)
    if open_claims:
        lines.append(f"- {open_claims} further claims are judged in words alone; they count as nothing.")
    return "\n".join(lines)


def held(entry: Entry | None) -> dict[str, int]:
    """Repaired and extended statements of the recorded run: how many, how many held, their instances, exact ones."""
    mended = [r for r in _require(entry).results if r["statement"] in ("repaired", "extended")]
    return {
        "mended": len(mended),
        "held": sum(r["verdict"] == "holds" for r in mended),
        "instances": sum(r["instances"] for r in mended),
        "rational": sum(r["arithmetic"] == "rational" for r in mended),
    }


def _short(claim: Claim, statement: Statement) -> str:
    """The claim's number in the paper, or its title; then which of its statements, where there are several."""
    number_ = re.match(NUMBERED, claim.source)
    name = number_[0] if number_ else claim.title
    which = [statement.variant] if statement.variant else []
    if statement.version is Version.PRINTED_APPENDIX:
        which.append("appendix")
    return f"{name} ({', '.join(which)})" if which else name


def errata_markdown(
    claims: Iterable[Claim], entry: Entry | None, grade: str, subjects: Mapping[str, Any] | None = None
) -> str:
    """The printed statements of one grade: statement, verdict, note, how it is mended, what it does on data.

    ``subjects``: figures on the paper's data (:mod:`.on_data`), shown once for each claim.
    """
    recorded = _require(entry)
    items = [(c, s) for c in claims for s in c if s.version.is_printed and str(s.grade) == grade]
    parts = []
    shown = set()
    for claim, s in items:
        result = recorded.result(claim.id, str(s.version), s.variant)
        verdict = "not in this run" if result is None else f"{_verdict(result)}, {result['arithmetic']} arithmetic"
        head = f"**{claim.source}: {claim.title}** ({_title(s).lower()}; {{doc}}`claims/{claim.id}`)"
        lines = [head, "", s.words, "", f"$${s.inequality.latex}$$", "", f"Verdict: {verdict}. {s.note}"]
        mended = [t for t in claim if t.version is Version.REPAIRED]
        if s.expected is Verdict.VIOLATED and mended:
            # the repair of the same variant where there is one
            best = next((t for t in mended if t.variant == s.variant), mended[0])
            lines += ["", f"Mended: {best.words}", "", f"$${best.inequality.latex}$$"]
        if s.expected is Verdict.VIOLATED and claim.id not in shown:
            shown.add(claim.id)
            table = fault_markdown(claim.id, subjects or {}) if subjects else ""
            lines += ["", f"On data: {claim.on_data}"] if claim.on_data else []
            lines += ["", table] if table else []
        parts.append("\n".join(lines))
    return "\n\n".join(parts) or "No printed statement has this grade."


def contents_markdown(claims: Iterable[Claim], entry: Entry | None) -> str:
    """Every claim id with its title, source, statements and verdicts."""
    recorded = _require(entry)
    lines = ["| id | title | source | verdicts |", "| --- | --- | --- | --- |"]
    for claim in claims:
        verdicts = []
        for s in claim:
            result = recorded.result(claim.id, str(s.version), s.variant)
            verdicts.append(f"{_title(s).lower()}: {'not in this run' if result is None else _verdict(result)}")
        link = f"{{doc}}`{claim.id}`" if claim.checked else claim.id
        lines.append(f"| {link} | {claim.title} | {claim.source} | {'; '.join(verdicts) or '*not yet checked*'} |")
    return "\n".join(lines)


def environment_markdown(entry: Entry | None) -> str:
    """When, where and with what the recorded checks ran."""
    recorded = _require(entry)
    content, env = recorded.content, recorded.content["environment"]
    rows = {
        "time (UTC)": content["time"],
        "seed": content["seed"],
        "random instances of each kind": content["examples"],
        "Python": env["python"],
        "system": env["system"],
        "processor": f"{env['processor']}, {env['cores']} cores",
        **{name: version or "absent" for name, version in env["packages"].items()},
        "SHA-256 of the entry": recorded.digest,
    }
    return "\n".join(["| | |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in rows.items())])


def _require(entry: Entry | None) -> Entry:
    if entry is None:
        raise InputError("no evidence recorded yet: run 'mtp-theory check' first")
    return entry


def number(value: Any) -> str:
    """A number as LaTeX: rationals as fractions."""
    if isinstance(value, Fraction) and value.denominator != 1:
        sign = "-" if value < 0 else ""
        return rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _verdict(result: Mapping[str, Any]) -> str:
    if result.get("grade") == Grade.ILLEGIBLE:
        return "none on the paper"
    word = str(result["verdict"]).replace("_", " ")
    return word if result["verdict"] == result["expected"] else f"**{word}**, expected {result['expected']}"


def _slack(result: Mapping[str, Any]) -> str:
    exact = result.get("worst_slack_exact")
    if exact is not None and len(exact) <= 12:
        return str(exact)
    return "" if result["worst_slack"] is None else f"{result['worst_slack']:.4g}"


__all__ = [
    "claim_markdown",
    "contents_markdown",
    "counterexample_markdown",
    "environment_markdown",
    "errata_markdown",
    "held",
    "number",
    "overview_markdown",
    "statements_in_order",
    "verdict_table",
]
