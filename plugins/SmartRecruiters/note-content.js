// The tag is what links a message to a profile. Tags and mentions in the text itself would link it elsewhere and send e-mails, so they are broken up.
const text = input.text.replace(/([#@])\[/g, '$1 [');
return `${text}\n\n#[CANDIDATE:${input.application_id.split('~')[0]}] [aria:${effect.key}]`;
