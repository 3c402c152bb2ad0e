/** Documents in which later text changes what earlier text means, or looks as if it did. */
export const documents: Readonly<Record<string, string>> = {
  paragraphs: "One\ntwo  \nthree\\\nfour\n\nFive *six* __seven__ `eight` ~~nine~~\n\n\n\nTen\n",
  headings: "# One\n## Two ##\ntext\nThree\n===\nFour\nfive\n---\n\nSix\n\n---\n***\n- - -\n",
  tightList: "Here:\n- one\n- two\n  - three\n    - four\n- five\n\nafter\n",
  looseAtTheEnd: "- one\n- two\n- three\n\n- four\n\nafter\n",
  looseInside: "1. one\n\n   more of one\n2. two\n\n   ```\n   code\n\n   more\n   ```\n3. three\n\n\n\nafter\n",
  listAfterNumber: "1. one\n\n2. two\n\n10. ten\n\n2\n\n3) three\n\n4) four\n",
  listKinds: "- a\n- b\n\n* c\n* d\n\n+ e\n\n7. f\n8. g\n\n-\n\n  not in the list\n\n- a\n\n b\n\n      c\n",
  listBlocks: "- # heading\n- > quote\n  > more\n- ```js\n  let a = 1;\n  ```\n- | a | b |\n  |---|---|\n  | 1 | 2 |\n- a\n  # b\n",
  nestedLists: "1. a\n   - b\n\n     c\n   - d\n2. e\n   1. f\n   2. g\n\n      h\n\ni\n",
  tasks: "- [ ] open\n- [x] done\n\n[ ] no item\n",
  fences: "```python\ndef f():\n\n    return 1\n```\n\ntext\n\n~~~~\n```\n~~~\n~~~~\n\n```js title=\"a\"\nlet b;\n\n\n```\nend\n",
  openFence: "text\n\n```html\n<script>alert(1)</script>\n\n<b>\n\n# no heading",
  nestedFences: "````markdown\n```js\nlet a;\n```\n\n````\n\n> ```\n> quoted\n>\n> ```\n> after\n\nend\n",
  indentedCode: "text\n\n    code\n\n    more\n\n\n    still\n\ntext\n    lazy\n\n\ttab\n",
  quotes: "> one\n> two\nlazy\n>\n> three\n\n> four\n>> five\n>\n> - six\n>   seven\n\neight\n",
  table: "| a | b |\n|:--|--:|\n| 1 | **2** |\n| 3 |\n\n| no | table |\n\na | b\n:-:|---\n`|` | \\|\nend\n\nlast\n",
  rows: "| Name | Value |\n| --- | ---: |\n| <b> | 1 & 2 |\n\nx\n\n| Name |\n| --- |\n| y |\n",
  dashes: "| a | b |\n| - | - |\n| 1 | 2 |\n\n| a | b |\n-|-\n1 | 2\n\n| a | b |\n- | -\n| 1 | 2 |\n\na | b\n- | -\n1 | 2\n",
  almostTable: "text\na | b\n-|-x\n\na | b\n-|-\n\n-|-\n\nend\n",
  html: "<div>\n\n*text* <b>bold</b>\n\n</div>\n\n<!-- comment\n\nmore -->\n\n<script>alert(1)</script>\n\n&amp; &lt; &copy; &#35;\n",
  links: "[a](https://a.example \"t\") <https://b.example> https://c.example/d_e?f=g. [h](javascript:alert(1)) [i](/j) mailto:k@l.example [m](mailto:k@l.example)\n\n[n]( <https://o.example/p q> )\n\nend\n",
  images: "![a *b*](https://a.example/a.png) [![c](https://c.example/c.png)](https://d.example)\n\n![](https://e.example/e.png)\n\n![f](data:image/png;base64,AA)\n",
  emphasis: "**bold *both* bold** ***three*** **not closed\n\n*a **b* c**\n\n2 ** 3 ** 4\n\n`a **b` c** ``d ` e``\n\n~~x~~ ~y~\n",
  unusual: "a\r\nb\r\n\r\nc\r\n\r\nd\re\r\rf\n\u0000g\n\n\u00a0h\n\n😀 *😀*\n\nä\u0308\n\n\ti\n\n   j\n    k\n",
  blankEdges: "\n\n   \n\ta\n\nb   \n   \n \nc\n\n\n\n",
  escapes: "\\*a\\* \\# b \\[c](d) \\`e`\n\n\\- f\n\n1\\. g\n\n\\\\*h*\n\n\\",
  codeInLanguages:
    "```python\ndef f():\n    \"\"\"a\n\n    b\"\"\"\n    return 1\n```\n\n~~~SQL title\nSELECT 1 -- `a`\n~~~\n- ```js\n  let a = `b\n  c`;\n  ```\n\n```klingon\nx\n``",
  math:
    "It costs $5 and $6, $x_1 * y_1$ or \\(a < b\\), **$c$**.\n\n$$\n\\frac{a}{b}\n$$\n\n- so\n  \\[\n  x\n  \\]\n\n$$ y $$ end $z\n\n| $a$ | b |\n|---|---|\n| $c|d$ | \\(e\\) |\n\n$$\nnever closed\n\nend $5\n",
  diagrams: "Here:\n\n```mermaid\ngraph LR\n\nA --> B\n```\n\n- ```mermaid\n  pie\nout\n\n```mermaid\n```\n\n```mermaid\nnever closed",
  answer:
    "## Result\n\nRevenue grew by **12 %**:\n\n1. **North**: up\n   - stores\n   - web\n2. **South**: flat\n\n| Region | % |\n|---|---:|\n| North | 20 |\n\n```sql\nSELECT *\nFROM t;\n```\n\n> Mind the `NULL`s.\n\nSee [docs](https://d.example).",
};

/** Documents with link reference definitions, which act backwards on text above them. */
export const documentsWithReferences: Readonly<Record<string, string>> = {
  atTheEnd: "See [one] and [two][2].\n\n- [one]\n- **[2]**\n\ntext\n\n[one]: https://one.example \"title\"\n[2]: <https://two.example>\n",
  atTheBeginning: "[a]: https://a.example\n\n[a]\n\nsecond [a]\n\nthird [A][]\n\n[b] end",
  inContainers: "[a] [b]\n\n> [a]: https://a.example\n\n- [b]:\n  https://b.example\n\n[a]\n\n[b]\n",
  firstWins: "[a]\n\n[a]: https://one.example\n\ntext\n\n[a]: https://two.example\n\n[a]\n\ntext",
  multiline: "[a]\n\ntext\n\n[a]:\nhttps://a.example\n'title\nmore'\n\n[b]: https://b.example 'no title\n\n[b]\n",
};
