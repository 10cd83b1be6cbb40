return {
  action: settings.noteAction,
  comments: input.text,
  personReference: { id: reads.submission.candidate.id },
  commentingPerson: { id: settings.userId },
  jobOrder: { id: reads.submission.jobOrder.id },
  externalID: `aria:${effect.key}`
};
