/**
 * Examples of our own for what GFM adds to CommonMark: no package publishes those of its specification. `html` is
 * what the specification says, without what is added on purpose (`dir`, `target`, `rel`, classes and labels).
 */
export const gfm: readonly { readonly name: string; readonly markdown: string; readonly html: string }[] = [
  {
    name: "table with alignment",
    markdown: "| left | middle | right | none |\n|:--|:-:|--:|---|\n| a | b | c | d |\n",
    html: "<table><thead><tr><th>left</th><th>middle</th><th>right</th><th>none</th></tr></thead><tbody><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr></tbody></table>",
  },
  {
    name: "table without outer pipes, with marks and an escaped pipe",
    markdown: "a | b\n--|--\n*c* | `d \\| e`\n",
    html: "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><em>c</em></td><td><code>d | e</code></td></tr></tbody></table>",
  },
  {
    name: "table ended by another block",
    markdown: "| a | b |\n| - | - |\n| c | d |\n> quote\n",
    html: "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table><blockquote><p>quote</p></blockquote>",
  },
  {
    name: "table row with too few or too many cells",
    markdown: "| a | b |\n| - | - |\n| c\n| d | e | f |\n\nafter\n",
    html: "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td></td></tr><tr><td>d</td><td>e</td></tr></tbody></table><p>after</p>",
  },
  { name: "no table when the columns differ", markdown: "| a | b |\n| - |\n| c |\n", html: "<p>| a | b | | - | | c |</p>" },
  {
    name: "no table when the second line begins a list",
    markdown: "a | b\n- | -\n",
    html: "<p>a | b</p><ul><li>| -</li></ul>",
  },
  { name: "table without rows", markdown: "| a |\n| - |\n", html: "<table><thead><tr><th>a</th></tr></thead></table>" },
  {
    name: "task list",
    markdown: "- [ ] open\n- [x] done\n  - [X] *inner*\n- [] none\n- [ ]none\n",
    html: '<ul><li><input type="checkbox" disabled=""> open</li><li><input type="checkbox" disabled="" checked=""> done<ul><li><input type="checkbox" disabled="" checked=""> <em>inner</em></li></ul></li><li>[] none</li><li>[ ]none</li></ul>',
  },
  {
    name: "loose task list",
    markdown: "1. [x] one\n\n2. [ ] two\n",
    html: '<ol><li><p><input type="checkbox" disabled="" checked=""> one</p></li><li><p><input type="checkbox" disabled=""> two</p></li></ol>',
  },
  { name: "strike-through of one tilde and of two", markdown: "~one~ ~~two~~\n", html: "<p><s>one</s> <s>two</s></p>" },
  { name: "strike-through not of three tildes", markdown: "a ~~~b~~~ c\n", html: "<p>a ~~~b~~~ c</p>" },
  { name: "strike-through not of unlike tildes", markdown: "~a~~ b\n\n~~a~ b\n", html: "<p>~a~~ b</p><p>~~a~ b</p>" },
  { name: "strike-through not across paragraphs", markdown: "This ~~has a\n\nnew paragraph~~.\n", html: "<p>This ~~has a</p><p>new paragraph~~.</p>" },
  { name: "strike-through not around spaces", markdown: "about ~5 to ~ 6\n", html: "<p>about ~5 to ~ 6</p>" },
  { name: "autolink www", markdown: "see www.example.org/help.\n", html: '<p>see <a href="http://www.example.org/help">www.example.org/help</a>.</p>' },
  {
    name: "autolink with parentheses",
    markdown: "www.example.org/q?a=(b) (www.example.org/q?a=(b))) www.example.org/q?a=(b))+c\n",
    html: '<p><a href="http://www.example.org/q?a=(b)">www.example.org/q?a=(b)</a> (<a href="http://www.example.org/q?a=(b)">www.example.org/q?a=(b)</a>)) <a href="http://www.example.org/q?a=(b))+c">www.example.org/q?a=(b))+c</a></p>',
  },
  {
    name: "autolink before an entity and before <",
    markdown: "www.example.org/?q=a&amp;c=b www.example.org/?q=a&copy; www.example.org/he<lp\n",
    html: '<p><a href="http://www.example.org/?q=a&amp;c=b">www.example.org/?q=a&amp;c=b</a> <a href="http://www.example.org/?q=a">www.example.org/?q=a</a>© <a href="http://www.example.org/he">www.example.org/he</a>&lt;lp</p>',
  },
  {
    name: "autolink http and https",
    markdown: "http://example.org (Visit https://example.org/a*b*c_d_e?f=g)\n",
    html: '<p><a href="http://example.org">http://example.org</a> (Visit <a href="https://example.org/a*b*c_d_e?f=g">https://example.org/a*b*c_d_e?f=g</a>)</p>',
  },
  {
    name: "autolink e-mail",
    markdown: "a.b-c_d@e.example, x+y@mail.example. a.b-c_d@a.b- a.b-c_d@a.b_\n",
    html: '<p><a href="mailto:a.b-c_d@e.example">a.b-c_d@e.example</a>, <a href="mailto:x+y@mail.example">x+y@mail.example</a>. a.b-c_d@a.b- a.b-c_d@a.b_</p>',
  },
  {
    name: "autolink not without a valid domain or inside a word",
    markdown: "http://a_b.example_c.d_e xhttp://example.org http://example ftp://example.org\n",
    html: "<p>http://a_b.example_c.d_e xhttp://example.org http://example ftp://example.org</p>",
  },
  {
    name: "autolink not inside a link or code",
    markdown: "[www.example.org](https://a.example) `www.example.org` **www.example.com**\n",
    html: '<p><a href="https://a.example">www.example.org</a> <span>(a.example)</span> <code>www.example.org</code> <strong><a href="http://www.example.com">www.example.com</a></strong></p>',
  },
  {
    name: "footnotes, numbered as they are referred to",
    markdown: "One[^b], two[^a], one again[^b].\n\n[^a]: Note *a*.\n[^b]: Note b\n    goes on.\n\n    Second paragraph.\n\n[^c]: Nobody refers to it.\n\nAfter.\n",
    html: '<p>One<sup><a href="#note-1" id="note-1-1">1</a></sup>, two<sup><a href="#note-2" id="note-2-1">2</a></sup>, one again<sup><a href="#note-1" id="note-1-2">1</a></sup>.</p><p>After.</p><section><ol><li id="note-1" value="1"><p>Note b goes on.</p><p>Second paragraph. <a href="#note-1-1">↩</a> <a href="#note-1-2">↩</a></p></li><li id="note-2" value="2"><p>Note <em>a</em>. <a href="#note-2-1">↩</a></p></li></ol></section>',
  },
  { name: "footnote that nobody wrote", markdown: "Text[^1] and [^two].\n\nMore.\n", html: "<p>Text[^1] and [^two].</p><p>More.</p>" },
  {
    name: "footnote in a footnote",
    markdown: "a[^1]\n\n[^1]: b[^2]\n\n[^2]: c\n",
    html: '<p>a<sup><a href="#note-1" id="note-1-1">1</a></sup></p><section><ol><li id="note-1" value="1"><p>b<sup><a href="#note-2" id="note-2-1">2</a></sup> <a href="#note-1-1">↩</a></p></li><li id="note-2" value="2"><p>c <a href="#note-2-1">↩</a></p></li></ol></section>',
  },
  {
    name: "footnote of code",
    markdown: "a[^x]\n\n[^x]:\n    ```\n    code\n    ```\n",
    html: '<p>a<sup><a href="#note-1" id="note-1-1">1</a></sup></p><section><ol><li id="note-1" value="1"><pre><code>code</code></pre><p> <a href="#note-1-1">↩</a></p></li></ol></section>',
  },
  {
    name: "section that opens",
    markdown: "before\n<details><summary>Title *t*</summary>\n\nInside\n\n- a\n- b\n\n</details>\n\nafter\n",
    html: "<p>before</p><details><summary>Title <em>t</em></summary><p>Inside</p><ul><li>a</li><li>b</li></ul></details><p>after</p>",
  },
  {
    name: "section in a section and in a list",
    markdown: "- a\n  <details>\n  <summary>b</summary>\n  c\n- d\n\n<details>\n<summary>e</summary>\n<details>\nf\n</details>\ng\n</details>\n</details>\nh\n",
    html: "<ul><li>a<details><summary>b</summary>c</details></li><li>d</li></ul><details><summary>e</summary><details><p>f</p></details><p>g</p></details><p>h</p>",
  },
  { name: "section that is not closed", markdown: "<details>\n<summary>a</summary>\n\nb\n", html: "<details><summary>a</summary><p>b</p></details>" },
  { name: "section only as code", markdown: "```\n<details>\n</details>\n```\n", html: "<pre><code>&lt;details&gt; &lt;/details&gt;</code></pre>" },
  {
    name: "line break in a cell",
    markdown: "| a |\n|---|\n| b<br>c<br/>d |\n\ne<br />f `<br>`\n",
    html: "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b<br>c<br>d</td></tr></tbody></table><p>e<br>f <code>&lt;br&gt;</code></p>",
  },
];
