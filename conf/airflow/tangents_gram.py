"""A kernel every night, under Airflow 2.9 or later.

The run is spark-submit in client mode, whose exit code is the run's: 0 done, 1 failed, 2 a wrong flag. In cluster mode
spark-submit answers 0 for a driver that failed, and Airflow would call that a success; so a second task looks at what a
run leaves when, and only when, it is complete: _SUCCESS, and a manifest that says so.

Needs on the worker: SPARK_HOME, a properties file of conf/spark, and job/target of a build in TANGENTS_HOME.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow.decorators import dag, task
from airflow.exceptions import AirflowFailException
from airflow.operators.bash import BashOperator

HOME = os.environ.get("TANGENTS_HOME", "/opt/tangents")
OUTPUT = "/data/kernels/{{ ds }}"

GRAM = f"""
"$SPARK_HOME/bin/spark-submit" \\
  --properties-file {HOME}/conf/spark/yarn.conf --deploy-mode client \\
  --class dev.tangents.job.Main {HOME}/job/target/tangents-job-*-all.jar \\
  gram --model /data/model.onnx --input /data/samples/{{{{ ds }}}} --id id \\
  --output {OUTPUT} --if-exists resume
"""


@dag(
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Two runs would write to one output.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
)
def tangents_gram():
    gram = BashOperator(task_id="gram", bash_command=GRAM)

    @task(retries=0)
    def complete(output: str) -> int:
        """The number of samples of a complete kernel."""
        folder = Path(output)
        if not (folder / "_SUCCESS").exists():
            raise AirflowFailException(f"{output} has no _SUCCESS: the run did not finish")
        manifest = json.loads((folder / "_tangents.json").read_text())
        if manifest["status"] != "complete":
            raise AirflowFailException(f"{output}: status is {manifest['status']}")
        return manifest["N"]

    gram >> complete(OUTPUT)


tangents_gram()
