"""The journeys that people take through the pages, as data and pure functions; no Flask.

For whoever shows a page:

- `journey.Journey(circumstances)` is the whole of it: `page(name, answers)` is what to show,
  `read(name, posted, answers)` what was posted (`Reading.problems` beside `Reading.typed`, or
  `Reading.answers` to keep under the page's name), `next_page(name, answers)` where to go then,
  `pages(answers)` the way, `task_list(answers)` the sections, `still_to_answer(answers)` what
  waits, `packs_of(answers)` the documents that go through intake.
- `answers.Circumstances` is what the gateway knows beside the answers: today in London, who is
  writing, whom they can send to, what the body asks for.
- `shapes` says what a page is made of. Parts of a date are posted as `ID-day`, `ID-month` and
  `ID-year`; `Problem.part` names the part that is wrong.
- `check_page` says what stands on `check` and `try` for a judgement, in `outcome_words`.

What is asked, and in which words, stands in `pages/`; the order in `order`; what an answer makes
of the form in `composed`, of the facts in `facts`, of the pack in `pack`.
"""
