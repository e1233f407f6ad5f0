lab ring-election seed=1
# Six ids in some order, and all set out at once. Each travels until it comes to a larger one.
run until note swallowed within 200ms
mark "a smaller id is swallowed"
run until note came-home within 500ms
mark "the largest is home"
expect leader
expect not two-leaders
run until note all-know within 500ms
run until agreed within 10ms
expect one-leader holds
expect trace aefde22f3e2b82f9
