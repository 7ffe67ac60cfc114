use super::*;

fn page() -> Page {
    let mut page = Page::new("A *title* | <b>");
    page.anchor(2, anchor_of("x-", "a/B"), "see `a|b` and *that*_");
    page.table(
        &[("One", Kind::Words), ("Two", Kind::Number)],
        vec![vec![Phrase::code("a|`b\nc"), Phrase::from("x_y|z").then(Phrase::jump("here", "x-a-b"))]],
    );
    page.list(vec![Phrase::web("https://example.com/?a=1&b=2"), Phrase::web("javascript:alert(1)")]);
    page
}

#[test]
fn markdown_shows_every_character_as_it_is() {
    insta::assert_snapshot!(render_markdown_page(&page()), @r#"
    # A \*title\* | &lt;b&gt;

    <a id="x-a-b"></a>

    ## see `a|b` and \*that\*\_

    | One | Two |
    | --- | ---: |
    | ``a\|`b c`` | x_y\|z[here](#x-a-b) |

    - <https://example.com/?a=1&b=2>
    - javascript:alert(1)
    "#);
}

#[test]
fn html_needs_nothing_else() {
    let text = render_html_page(&page());
    let body = text.split_once("<body>").unwrap().1.trim();
    insta::assert_snapshot!(body, @r##"
    <h1>A *title* | &lt;b&gt;</h1>
    <h2 id="x-a-b">see <code>a|b</code> and *that*_</h2>
    <table>
    <thead><tr><th>One</th><th class="n">Two</th></tr></thead>
    <tbody>
    <tr><td><code>a|`b
    c</code></td><td class="n">x_y|z<a href="#x-a-b">here</a></td></tr>
    </tbody>
    </table>
    <ul>
    <li><a href="https://example.com/?a=1&amp;b=2" rel="noreferrer">https://example.com/?a=1&amp;b=2</a></li>
    <li>javascript:alert(1)</li>
    </ul>
    </body>
    </html>
    "##);
    assert!(!text.contains("<script") && !text.contains("src="));
}
