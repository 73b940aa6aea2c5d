using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edna.Client;

/// <summary>The JSON of the REST contract, generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(CreateDataset))]
[JsonSerializable(typeof(Dataset))]
[JsonSerializable(typeof(DatasetPage))]
[JsonSerializable(typeof(CreateItem))]
[JsonSerializable(typeof(ItemPlan))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(UploadState))]
[JsonSerializable(typeof(CompleteUpload))]
[JsonSerializable(typeof(PartNumbers))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(ItemBatch))]
[JsonSerializable(typeof(ItemIds))]
[JsonSerializable(typeof(ItemOutcomes))]
[JsonSerializable(typeof(DownloadOutcomes))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string?>))]
[JsonSerializable(typeof(PutLabels))]
[JsonSerializable(typeof(LabelDocument))]
[JsonSerializable(typeof(LabelsLine))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(CreateImport))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(Job))]
internal sealed partial class EdnaJson : JsonSerializerContext;
