using Edna.Objects;
using Xunit;

namespace Edna.Storage.Files;

public sealed class FileObjectStoreComplianceTests(FileStoreHarness harness)
    : ObjectStoreCompliance(harness), IClassFixture<FileStoreHarness>;
