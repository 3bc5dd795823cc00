"""languages and quiet hours of one's own, and where teams come from

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact', sa.Column('language', sa.String(), nullable=False, server_default=''))
    op.add_column('participant', sa.Column('quiet_from', sa.Time(), nullable=True))
    op.add_column('participant', sa.Column('quiet_until', sa.Time(), nullable=True))
    op.add_column('participant', sa.Column('source', sa.String(), nullable=False, server_default=''))
    op.add_column('team', sa.Column('source', sa.String(), nullable=False, server_default=''))
    op.add_column('golive', sa.Column('guests', sa.String(), nullable=False, server_default='out'))


def downgrade() -> None:
    op.drop_column('golive', 'guests')
    op.drop_column('team', 'source')
    for name in ('source', 'quiet_until', 'quiet_from'):
        op.drop_column('participant', name)
    op.drop_column('contact', 'language')
