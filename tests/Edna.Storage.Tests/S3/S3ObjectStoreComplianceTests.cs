using Edna.Objects;
using Xunit;

namespace Edna.Storage.S3;

public sealed class S3ObjectStoreComplianceTests(S3StoreHarness harness)
    : ObjectStoreCompliance(harness), IClassFixture<S3StoreHarness>;
