"""Fixed text: the words that the placeholder text is made of."""

from __future__ import annotations

#: Words of the pseudo-Latin placeholder text (Cicero, *De finibus bonorum et malorum*), separated by blanks.
LOREM_IPSUM_WORDS = """\
lorem ipsum dolor sit amet consectetur adipisci elit sed do eiusmod tempor incididunt ut labore et dolore magna
aliqua enim ad minim veniam quis nostrum exercitationem ullam corporis suscipit laboriosam nisi aliquid ex ea commodi
consequatur autem vel eum iure reprehenderit qui in voluptate velit esse quam nihil molestiae illum dolorem fugiat quo
voluptas nulla pariatur at vero eos accusamus iusto odio dignissimos ducimus blanditiis praesentium voluptatum deleniti
atque corrupti quos dolores quas molestias excepturi sint occaecati cupiditate non provident similique sunt culpa
officia deserunt mollitia animi id est laborum harum quidem rerum facilis expedita distinctio libero tempore cum
soluta nobis eligendi cumque impedit minus quod maxime placeat facere possimus omnis assumenda repellendus"""
