# Reads the .trx files of test runs and prints one line a test: outcome, tab, name, tab, the first line of why.
# Used by test.sh; needs nothing but awk.
BEGIN { RS = "<UnitTestResult " }

function attribute(text, name,   rest) {
  if (!match(text, name "=\"[^\"]*\"")) return ""
  rest = substr(text, RSTART + length(name) + 2, RLENGTH - length(name) - 3)
  return plain(rest)
}

function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
  gsub(/&#x[0-9A-Fa-f]+;/, " ", text); gsub(/&amp;/, "\\&", text)
  return text
}

function first_line(text) {
  sub(/^[ \t\r\n]+/, "", text)
  sub(/[\r\n].*$/, "", text)
  return plain(text)
}

# What stands before the first result of a file is its head.
!/^testName=|testName="/ { next }

{
  outcome = attribute($0, "outcome")
  why = ""
  if (match($0, /<Message>/)) { why = substr($0, RSTART + 9); sub(/<\/Message>.*/, "", why) }
  else if (outcome == "NotExecuted" && match($0, /<StdOut>/)) { why = substr($0, RSTART + 8); sub(/<\/StdOut>.*/, "", why) }
  print outcome "\t" attribute($0, "testName") "\t" first_line(why)
}
