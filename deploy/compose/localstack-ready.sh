#!/bin/bash
# Run by LocalStack when it is ready: what EDNA does not make itself. Settings of the bucket are made by check-store --apply.
set -euo pipefail
awslocal sqs create-queue --queue-name edna-dead
awslocal sqs create-queue --queue-name edna --attributes '{"VisibilityTimeout": "60", "RedrivePolicy": "{\"deadLetterTargetArn\": \"arn:aws:sqs:us-east-1:000000000000:edna-dead\", \"maxReceiveCount\": \"50\"}"}'
awslocal s3api create-bucket --bucket training-data
