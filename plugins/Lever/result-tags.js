// The tag of the status takes the place of those of other statuses, which are removed beside.
const tags = [settings.tags[input.status], settings.tags[input.recommendation]].filter(t => t != null);
return { application_id: input.application_id, tags };
