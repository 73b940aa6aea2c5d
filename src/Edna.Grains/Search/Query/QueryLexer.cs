using System.Buffers;
using System.Text;

namespace Edna.Search;

/// <summary>Cuts a query's text into pieces. After a fault there are none left.</summary>
internal sealed class QueryLexer(string text)
{
    private int _at;

    /// <summary>What is wrong with the text read so far.</summary>
    public QueryFault? Fault { get; private set; }

    /// <summary>The next piece.</summary>
    public QueryToken Next()
    {
        while (_at < text.Length && IsBlank(text[_at])) _at++;
        if (_at == text.Length || Fault is not null) return new(QueryTokenKind.End, text.Length);
        var start = _at;
        switch (text[start])
        {
            case '(':
                return Single(QueryTokenKind.Open);
            case ')':
                return Single(QueryTokenKind.Close);
            case '"':
                var (phrase, isPrefix) = ReadQuoted();
                return new(QueryTokenKind.Word, start + 1, phrase, isPrefix);
            case '-' when start + 1 < text.Length && !IsBlank(text[start + 1]) && text[start + 1] is not ('-' or ')'):
                return Single(QueryTokenKind.Minus);
        }
        var run = text[start..EndOfRun(start)];
        if (run is "AND" or "OR")
        {
            _at = start + run.Length;
            return new(run == "AND" ? QueryTokenKind.And : QueryTokenKind.Or, start + 1);
        }
        return ReadField(start, run) ?? ReadWord(start);
    }

    private QueryToken Single(QueryTokenKind kind) => new(kind, ++_at);

    private QueryToken ReadWord(int start)
    {
        var (word, isPrefix) = ReadRun();
        return new(QueryTokenKind.Word, start + 1, word, isPrefix);
    }

    /// <summary>A field with its value; null when what stands here is a word.</summary>
    private QueryToken? ReadField(int start, string run)
    {
        if (KeyedField(run) is { } quoted && run.Length == quoted.Length + 1 && start + run.Length < text.Length && text[start + run.Length] == '"')
        {
            _at = start + run.Length;
            var (key, star) = ReadQuoted();
            if (star || _at == text.Length || text[_at] != ':') return Fail(start, $"write {quoted}.\"<key>\":<value>, with ':' right after the key");
            return ReadValue(start, quoted, key);
        }
        var colon = run.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && KeyedField(run[..colon]) is { } keyed)
        {
            _at = start + colon;
            return ReadValue(start, keyed, run[(keyed.Length + 1)..colon]);
        }
        // Times, paths and the like have colons too: only what looks like a name is taken for one.
        if (colon <= 0 || !char.IsAsciiLetter(run[0]) || run.AsSpan(0, colon).ContainsAnyExcept(s_nameCharacters)) return null;
        _at = start + colon;
        return ReadValue(start, run[..colon].ToLowerInvariant(), "");
    }

    /// <summary>The name of the field with keys that a text begins with.</summary>
    private static string? KeyedField(string run) => QueryFields.Keyed.FirstOrDefault(name =>
        run.Length > name.Length && run[name.Length] == '.' && run.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private QueryToken ReadValue(int start, string name, string key)
    {
        var valueAt = ++_at;
        if (!QueryFields.IsField(name)) return Fail(start, $"there is no field '{name}': {QueryFields.Names}; put the text in quotes to search for it");
        if (QueryFields.HasKey(name) && key.Length == 0) return Fail(start, $"write {name}.<key>:<value>");
        if (valueAt < text.Length && text[valueAt] == '(')
            return Fail(valueAt, $"a group cannot be a field's value: write ({name}:a OR {name}:b), or put the value in quotes");
        if (valueAt == text.Length || (text[valueAt] != '"' && EndOfRun(valueAt) == valueAt))
            return Fail(start, $"the value must stand right after '{name}:'; put it in quotes if it has spaces");
        var (value, isPrefix) = text[valueAt] == '"' ? ReadQuoted() : ReadRun();
        return new(QueryTokenKind.Field, start + 1, value, isPrefix, name, key, valueAt + 1);
    }

    /// <summary>Reads up to the closing quote, and a star behind it. <c>\"</c> and <c>\\</c> are a quote and a backslash.</summary>
    private (string Text, bool IsPrefix) ReadQuoted()
    {
        var start = _at++;
        var quoted = new StringBuilder();
        for (; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] is '"' or '\\') _at++;
            quoted.Append(text[_at]);
        }
        if (_at == text.Length)
        {
            Fail(start, "this quote is not closed");
            return ("", false);
        }
        _at++;
        return (quoted.ToString(), SkipStars());
    }

    private (string Text, bool IsPrefix) ReadRun()
    {
        var start = _at;
        var end = EndOfRun(start);
        var run = text[start..end];
        var word = run.TrimEnd('*');
        _at = end;
        if (word.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star)
            Fail(start + star, "a '*' stands at the end of a word only; put the word in quotes to search for it as it is");
        return (word, word.Length < run.Length);
    }

    private bool SkipStars()
    {
        var start = _at;
        while (_at < text.Length && text[_at] == '*') _at++;
        return _at > start;
    }

    /// <summary>
    /// Where a word ends: at a blank, a quote, or a parenthesis, unless that one is closed in the same word, as names of files have them.
    /// </summary>
    private int EndOfRun(int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] is '"' or ')' || IsBlank(text[i])) return i;
            if (text[i] != '(') continue;
            if (text.AsSpan(start, i - start) is "AND" or "OR" || CloseOf(i) is not { } close) return i;
            i = close;
        }
        return text.Length;
    }

    private int? CloseOf(int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length && text[i] != '"' && !IsBlank(text[i]); i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i;
        }
        return null;
    }

    private QueryToken Fail(int at, string message)
    {
        Fault ??= new(Math.Min(at, text.Length - 1) + 1, message);
        return new(QueryTokenKind.End, text.Length);
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.IsControl(c);

    private static readonly SearchValues<char> s_nameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
}
