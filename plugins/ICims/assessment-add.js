const entry = { assessmentname: { value: settings.assessmentName } };
if (input.status != null) entry.assessmentstatus = /^[CD][0-9]+$/.test(input.status) ? { id: input.status } : { value: input.status };
if (input.score != null) entry.assessmentscore = input.score;
if (input.result != null) entry.assessmentresult = input.result;
if (input.notes != null) entry.assessmentnotes = input.notes;
if (input.url != null) entry.assessmenturl = input.url;
return entry;
