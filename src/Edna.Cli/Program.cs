using System.CommandLine;
using Edna.Cli;

var connection = new Connection();
var root = new RootCommand("edna: push, pull, import, list, label, find and follow training data.")
{
    PushCommand.Create(connection),
    PullCommand.Create(connection),
    ImportCommand.Create(connection),
    ListCommand.Create(connection),
    SearchCommand.Create(connection),
    LabelsCommand.Create(connection),
    ChangesCommand.Create(connection),
    DatasetCommand.Create(connection),
};
connection.AddTo(root);
var parsed = root.Parse(args);
var exit = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exit;
