using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Edna.Access;
using Edna.Changes;
using Edna.Datasets;
using Edna.Events;
using Edna.Health;
using Edna.Imports;
using Edna.Items;
using Edna.Jobs;
using Edna.Labels;
using Edna.Problems;
using Edna.Search;
using Edna.Webhooks;

namespace Edna.Json;

/// <summary>How everything that the API takes and answers is read and written: camelCase, strict, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateDataset))]
[JsonSerializable(typeof(Dataset))]
[JsonSerializable(typeof(DatasetPage))]
[JsonSerializable(typeof(CreateItem))]
[JsonSerializable(typeof(CreateItems))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(ItemPlan))]
[JsonSerializable(typeof(ItemIds))]
[JsonSerializable(typeof(ItemPlanResults))]
[JsonSerializable(typeof(ItemResults))]
[JsonSerializable(typeof(DownloadResults))]
[JsonSerializable(typeof(DeleteResults))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(UploadState))]
[JsonSerializable(typeof(CompleteUpload))]
[JsonSerializable(typeof(PartNumbers))]
[JsonSerializable(typeof(Download))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(TagChanges))]
[JsonSerializable(typeof(PutLabels))]
[JsonSerializable(typeof(ReviewLabels))]
[JsonSerializable(typeof(LabelDocument))]
[JsonSerializable(typeof(LabelHistoryPage))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(Indexing))]
[JsonSerializable(typeof(SetIndexing))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(ItemChange))]
[JsonSerializable(typeof(CreateWebhook))]
[JsonSerializable(typeof(RotateSecret))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(WebhookPage))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookDeliveryPage))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(CreateImport))]
[JsonSerializable(typeof(EventCounts))]
[JsonSerializable(typeof(CreateApiKey))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(ApiKeyPage))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(JsonText))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(DateTimeOffset?))]
internal sealed partial class EdnaJson : JsonSerializerContext
{
    // The encoder of the writer counts, not that of the options: the generated fast path is kept, and URLs stay readable.
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>How a type is read and written.</summary>
    public static JsonTypeInfo<T> Of<T>() => Known<T>.Info;

    /// <summary>A writer of JSON.</summary>
    public static Utf8JsonWriter WriterTo(System.Buffers.IBufferWriter<byte> output) => new(output, Written);

    private static class Known<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)(Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T)} is not among the types of {nameof(EdnaJson)}."));
    }
}
