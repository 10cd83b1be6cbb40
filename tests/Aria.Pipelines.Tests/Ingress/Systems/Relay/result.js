// A member that is not sent stays as it is.
const members = { applicationId: input.application_id, status: input.status, score: input.score, recommendation: input.recommendation, transcriptUrl: input.transcript_url, recordingUrl: input.recording_url };
return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null));
