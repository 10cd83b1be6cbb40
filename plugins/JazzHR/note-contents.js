// A person has one list of notes for all jobs, so a note says which one it is about.
return `${input.text}\nJob: ${reads.job?.title ?? input.application_id.split('~')[1]}\n\n[aria:${effect.key}]`;
