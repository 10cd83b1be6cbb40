// JPQL: a quote within a text is written twice.
const transaction = input.eventMetadata?.TRANSACTION_ID;
const submission = `jobSubmission.id=${Number(input.entityId)}`;
return input.entityEventType === 'UPDATED' && transaction ? `${submission} AND transactionID='${transaction.replaceAll("'", "''")}'` : submission;
