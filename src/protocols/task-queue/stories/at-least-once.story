lab task-queue seed=1
