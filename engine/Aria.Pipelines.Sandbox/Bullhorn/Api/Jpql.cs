using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Records;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>The part of JPQL that the vendor describes for <c>where</c>: comparisons, IS NULL, IN, NOT, AND, OR and parentheses. Anything else is refused.</summary>
internal sealed class Jpql
{
    private static readonly string[] Comparisons = ["<>", "<=", ">=", "=", "<", ">"];
    private readonly EntityType _type;
    private readonly RecordBook _book;
    private readonly List<Token> _tokens;
    private int _at;

    private Jpql(string text, EntityType type, RecordBook book) => (_type, _book, _tokens) = (type, book, Split(text));

    /// <summary>The condition over records of a type.</summary>
    public static Func<Record, bool> Read(string where, EntityType type, RecordBook book)
    {
        var reader = new Jpql(where, type, book);
        Func<Record, bool> condition = reader.Any();
        return reader._at == reader._tokens.Count ? condition : throw Wrong($"'{reader._tokens[reader._at].Text}' is not expected");
    }

    private Func<Record, bool> Any()
    {
        Func<Record, bool> left = All();
        while (Take("OR"))
        {
            (Func<Record, bool> a, Func<Record, bool> b) = (left, All());
            left = r => a(r) || b(r);
        }
        return left;
    }

    private Func<Record, bool> All()
    {
        Func<Record, bool> left = One();
        while (Take("AND"))
        {
            (Func<Record, bool> a, Func<Record, bool> b) = (left, One());
            left = r => a(r) && b(r);
        }
        return left;
    }

    private Func<Record, bool> One()
    {
        if (Take("NOT"))
        {
            Func<Record, bool> not = One();
            return r => !not(r);
        }
        if (Take("("))
        {
            Func<Record, bool> within = Any();
            Need(")");
            return within;
        }
        Func<Record, JsonNode?> value = Path(Next(TokenKind.Word));
        if (Take("IS"))
        {
            bool isNot = Take("NOT");
            Need("NULL");
            return r => value(r) is null != isNot;
        }
        bool outside = Take("NOT");
        if (Take("IN"))
        {
            JsonValue[] list = List();
            return r => value(r) is { } found && list.Any(l => JsonNode.DeepEquals(l, found)) != outside;
        }
        string sign = Next(TokenKind.Sign);
        JsonValue literal = Literal();
        return !outside && Comparisons.Contains(sign) ? r => value(r) is { } found && Holds(found, sign, literal) : throw Wrong($"'{sign}' is not expected");
    }

    private JsonValue[] List()
    {
        Need("(");
        List<JsonValue> list = [Literal()];
        while (Take(","))
        {
            list.Add(Literal());
        }
        Need(")");
        return [.. list];
    }

    private JsonValue Literal()
    {
        Token token = _at < _tokens.Count ? _tokens[_at++] : throw Wrong("a value is missing");
        return token.Kind switch
        {
            TokenKind.Text => JsonValue.Create(token.Text)!,
            TokenKind.Word when token.Text is "true" or "false" => JsonValue.Create(token.Text == "true"),
            TokenKind.Word when long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ => throw Wrong($"'{token.Text}' is no value"),
        };
    }

    /// <summary>A field, or one of what an association leads to.</summary>
    private Func<Record, JsonNode?> Path(string path)
    {
        string[] names = path.Split('.');
        EntityType type = _type;
        foreach (string name in names)
        {
            Field field = type.Fields.GetValueOrDefault(name) ?? throw Wrong($"{type.Name} has no property '{name}'");
            type = field.Of is { } target ? EntityType.All[target] : type;
        }
        return record =>
        {
            Record? at = record;
            foreach (string name in names[..^1])
            {
                at = at?.To(name) is { } id ? _book.Find(at.Type.Fields[name].Of!, id) : null;
            }
            return at?.Type.Fields.GetValueOrDefault(names[^1])?.Kind == FieldKind.ToOne ? at.To(names[^1]) is { } own ? JsonValue.Create(own) : null : at?.Values[names[^1]];
        };
    }

    private static bool Holds(JsonNode found, string sign, JsonValue literal)
    {
        if (found.GetValueKind() != literal.GetValueKind() && !(IsFlag(found) && IsFlag(literal)))
        {
            throw Wrong("a property is compared with a value of another kind");
        }
        int order = found.GetValueKind() switch
        {
            JsonValueKind.Number => decimal.Parse(found.ToJsonString(), CultureInfo.InvariantCulture).CompareTo(decimal.Parse(literal.ToJsonString(), CultureInfo.InvariantCulture)),
            JsonValueKind.String => string.CompareOrdinal(found.GetValue<string>(), literal.GetValue<string>()),
            _ => found.GetValue<bool>().CompareTo(literal.GetValue<bool>()),
        };
        return sign switch { "=" => order == 0, "<>" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static bool IsFlag(JsonNode value) => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private bool Take(string word)
    {
        bool isNext = _at < _tokens.Count && _tokens[_at].Kind != TokenKind.Text && _tokens[_at].Text.Equals(word, StringComparison.OrdinalIgnoreCase);
        _at += isNext ? 1 : 0;
        return isNext;
    }

    private void Need(string word)
    {
        if (!Take(word))
        {
            throw Wrong($"'{word}' is missing");
        }
    }

    private string Next(TokenKind kind) => _at < _tokens.Count && _tokens[_at].Kind == kind ? _tokens[_at++].Text : throw Wrong("the condition is not whole");

    private static List<Token> Split(string text)
    {
        var tokens = new List<Token>();
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] == '\'')
            {
                tokens.Add(new Token(TokenKind.Text, Quoted(text, ref at)));
            }
            else if (text[at] is '(' or ')' or ',')
            {
                tokens.Add(new Token(TokenKind.Sign, text[at++].ToString()));
            }
            else if (Comparisons.FirstOrDefault(c => string.CompareOrdinal(text, at, c, 0, c.Length) == 0) is { } sign)
            {
                tokens.Add(new Token(TokenKind.Sign, sign));
                at += sign.Length;
            }
            else
            {
                int from = at;
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or '_' or '-'))
                {
                    at++;
                }
                tokens.Add(at > from ? new Token(TokenKind.Word, text[from..at]) : throw Wrong($"'{text[at]}' is not known"));
            }
        }
        return tokens;
    }

    /// <summary>A text; a quote within it is written twice.</summary>
    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                value.Append(text[at++]);
            }
            else
            {
                at++;
                return value.ToString();
            }
        }
        throw Wrong("a text is not closed");
    }

    private static Serving.RefusedException Wrong(string what) => Refusal.With(400, $"Bad where clause: {what}.");

    private readonly record struct Token(TokenKind Kind, string Text);

    private enum TokenKind
    {
        Word,
        Text,
        Sign,
    }
}
